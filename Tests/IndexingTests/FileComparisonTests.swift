import Catalog
import DirectoryWatching
import Glibc
import LinuxSystem
import Testing

@testable import Catalog
@testable import Indexing
@testable import LinuxSystem

@Suite struct FileComparisonTests {
    private static let ext4 = FileSystemType(rawValue: 0xEF53)
    private static let overlay = FileSystemType(rawValue: 0x794C_7630)
    private static let vfat = FileSystemType(rawValue: 0x4D44)
    private static let exfat = FileSystemType(rawValue: 0x2011_BAB0)
    private static let hour: Int64 = 3600 * 1_000_000_000
    private static let second: Int64 = 1_000_000_000

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fileSystem: FileSystemType
        var size: Int64 = 10
        var modified: Int64 = 1000
        var changed: Int64 = 2000
        var inode: UInt64 = 1
        var hint: FileHint?
        let expected: FileComparison
    }

    static let cases: [Case] = [
        Case(testDescription: "all equal", fileSystem: ext4, expected: .same),
        Case(testDescription: "all equal, after a write", fileSystem: ext4, hint: .writing, expected: .same),
        Case(testDescription: "another size", fileSystem: ext4, size: 11, expected: .changed),
        Case(
            testDescription: "another size, only attributes seen", fileSystem: ext4, size: 9, hint: .attributes,
            expected: .changed),
        Case(testDescription: "another time", fileSystem: ext4, modified: 1001, expected: .changed),
        Case(testDescription: "an older time", fileSystem: ext4, modified: 999, expected: .changed),
        Case(testDescription: "another inode", fileSystem: ext4, inode: 2, expected: .doubtful),
        Case(
            testDescription: "another inode, only attributes seen", fileSystem: ext4, inode: 2, hint: .attributes,
            expected: .doubtful),
        Case(testDescription: "another change time", fileSystem: ext4, changed: 2001, expected: .doubtful),
        Case(
            testDescription: "another change time after a write", fileSystem: ext4, changed: 2001, hint: .settled,
            expected: .doubtful),
        Case(
            testDescription: "another change time, only attributes seen", fileSystem: ext4, changed: 2001,
            hint: .attributes, expected: .statusChanged),
        Case(
            testDescription: "an hour's shift elsewhere than on FAT", fileSystem: ext4, modified: 1000 + hour,
            expected: .changed),
        Case(testDescription: "fleeting inodes", fileSystem: overlay, changed: 9, inode: 2, expected: .same),
        Case(testDescription: "fleeting inodes, another time", fileSystem: overlay, modified: 1001, expected: .changed),
        Case(testDescription: "FAT: the same", fileSystem: vfat, changed: 1, inode: 7, expected: .same),
        Case(testDescription: "FAT: another size", fileSystem: vfat, size: 11, expected: .changed),
        Case(testDescription: "FAT: an hour", fileSystem: vfat, modified: 1000 + hour, expected: .statusChanged),
        Case(
            testDescription: "exFAT: an hour back", fileSystem: exfat, modified: 1000 - hour, expected: .statusChanged),
        Case(
            testDescription: "FAT: a quarter hour", fileSystem: vfat, modified: 1000 + hour / 4,
            expected: .statusChanged),
        Case(testDescription: "FAT: 14 hours", fileSystem: vfat, modified: 1000 + 14 * hour, expected: .statusChanged),
        Case(
            testDescription: "FAT: more than 14 hours", fileSystem: vfat, modified: 1000 + 14 * hour + hour / 4,
            expected: .changed),
        Case(testDescription: "FAT: ten minutes", fileSystem: vfat, modified: 1000 + hour / 6, expected: .changed),
        Case(
            testDescription: "FAT: its two-second steps", fileSystem: vfat, modified: 1000 + hour + 2 * second,
            expected: .statusChanged),
        Case(
            testDescription: "FAT: just below an hour", fileSystem: vfat, modified: 1000 + hour - 2 * second,
            expected: .statusChanged),
        Case(
            testDescription: "FAT: three seconds off", fileSystem: vfat, modified: 1000 + hour + 3 * second,
            expected: .changed),
        Case(testDescription: "FAT: beyond all numbers", fileSystem: vfat, modified: .min, expected: .changed),
    ]

    @Test(arguments: cases)
    func whatChangedDecides(_ example: Case) {
        let status = FileStatus.sample(
            size: example.size, modified: example.modified, changed: example.changed, inode: example.inode)
        let comparison = FileComparison.compare(
            KnownFile.sample(), with: status, on: example.fileSystem, hint: example.hint)
        #expect(comparison == example.expected)
    }

    @Test func timesAtTheEndsOfTheirRangeDoNotOverflow() {
        #expect(!FileComparison.isSameTime(.max, .min, on: Self.vfat))
        #expect(!FileComparison.isSameTime(.min, .max, on: Self.vfat))
        #expect(!FileComparison.isSameTime(0, .min, on: Self.vfat))
        #expect(FileComparison.isSameTime(.min, .min, on: Self.vfat))
        #expect(FileComparison.isSameTime(.max, .max - Self.hour, on: Self.vfat))
    }

    @Test func aFileIsKnownByAllThatTellsItFromOthers() {
        let known = KnownFile.sample()
        func isSame(_ status: FileStatus, on fileSystem: String? = "uuid:1") -> Bool {
            known.isSameFile(as: .sample(status, fileSystemID: fileSystem))
        }
        #expect(isSame(.sample()))
        #expect(isSame(.sample(changed: 99)))
        #expect(isSame(.sample(born: nil)))
        #expect(!isSame(.sample(born: 501)))
        #expect(!isSame(.sample(size: 11)))
        #expect(!isSame(.sample(modified: 1001)))
        #expect(!isSame(.sample(inode: 2)))
        #expect(!isSame(.sample(), on: "uuid:2"))
        #expect(!isSame(.sample(), on: nil))
        #expect(KnownFile.sample(born: nil).isSameFile(as: .sample(.sample())))
    }
}

extension FileStatus {
    static func sample(
        size: Int64 = 10, modified: Int64 = 1000, changed: Int64 = 2000, inode: UInt64 = 1, born: Int64? = 500
    ) -> FileStatus {
        FileStatus(
            kind: .regular, size: size, modified: modified, changed: changed, born: born, inode: inode, device: 7,
            links: 1, owner: 0, group: 0, mode: UInt32(S_IFREG) | 0o644)
    }
}

extension KnownFile {
    static func sample(born: Int64? = 500) -> KnownFile {
        KnownFile(
            id: 1, path: FilePath("/m/a"), rootID: 1, size: 10, modified: 1000, changed: 2000, inode: 1,
            fileSystemID: "uuid:1", born: born, contentID: 1, state: .indexed, isHeld: false, error: nil,
            placeType: nil, placeTypeSource: nil,
            isSymbolicLink: false, links: 1, isReadAgain: false, isDamaged: false, look: nil)
    }
}

extension ObservedFile {
    static func sample(_ status: FileStatus, fileSystemID: String? = "uuid:1") -> ObservedFile {
        ObservedFile(
            path: FilePath("/m/b"), rootID: 1, folder: [], status: status, fileSystemID: fileSystemID,
            isSymbolicLink: false, placeType: nil, placeTypeSource: nil)
    }
}
