import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import LinuxSystem

/// What is there twice, and what only seems to be.
@Suite struct DuplicateTests {
    private let aa = ContentDigests.sample("aa")
    private let bb = ContentDigests.sample("bb")

    @Test func copiesWasteAndLinksDoNot() async throws {
        try await withCatalog { fixture in
            try add("original", aa, inode: 1, links: 2, fixture)
            try add("hard", aa, inode: 1, links: 2, fixture)
            try add("copy", aa, inode: 2, fixture)
            try add("soft", aa, inode: 2, symlink: true, fixture)
            try add("single", bb, inode: 3, fixture)
            let group = try #require(try groups(fixture).first)
            #expect(try groups(fixture).count == 1)
            #expect(group.content == DuplicateContent(sha256: aa.sha256, size: 10, wasted: 10))
            #expect(group.files.map(\.path.description) == ["/m/copy", "/m/hard", "/m/original", "/m/soft"])
            #expect(group.files.map(\.inode) == [2, 1, 1, 2])
            #expect(group.files.map(\.isSymbolicLink) == [false, false, false, true])
        }
    }

    @Test func linksAloneAreAGroupThatWastesNothing() async throws {
        try await withCatalog { fixture in
            try add("a", aa, inode: 1, links: 2, fixture)
            try add("b", aa, inode: 1, links: 2, fixture)
            #expect(try groups(fixture).map(\.content.wasted) == [0])
        }
    }

    @Test func whatWastesMostComesFirstAndThenTheDigestDecides() async throws {
        try await withCatalog { fixture in
            for (digits, size, copies) in [("dd", 10, 2), ("cc", 10, 2), ("ee", 4, 4), ("ff", 100, 2)] {
                for number in 0..<copies {
                    let inode = UInt64(size * 1000 + number * 10) + UInt64(digits.utf8.first ?? 0)
                    try add("\(digits)\(number)", .sample(digits), size: Int64(size), inode: inode, fixture)
                }
            }
            #expect(try groups(fixture).map { $0.content.sha256.prefix(2) } == ["ff", "ee", "cc", "dd"])
            #expect(try groups(fixture).map(\.content.wasted) == [100, 12, 10, 10])
        }
    }

    @Test func onlyFilesThatAreThereAndWholeAreCopies() async throws {
        try await withCatalog { fixture in
            let names = ["kept", "gone", "damaged", "rehashed", "uncovered"]
            var ids: [String: Int64] = [:]
            for (number, name) in names.enumerated() { ids[name] = try add(name, aa, inode: UInt64(number), fixture) }
            let (gone, damaged) = (try #require(ids["gone"]), try #require(ids["damaged"]))
            #expect(try groups(fixture).first?.files.count == 5)
            let job = try fixture.job(damaged, .verification)
            try fixture.write {
                try $0.markMissing([gone], at: Fixture.now)
                _ = try $0.store(.sample("99"), of: job, description: .sample, at: Fixture.now)
            }
            #expect(try groups(fixture).first?.files.map(\.path.name) == ["kept", "rehashed", "uncovered"].map(bytes))
            try fixture.write { writer in
                let scan = try writer.beginScan(kind: "rehash", root: FilePath("/m"), at: Fixture.now)
                try writer.queueRehash(below: FilePath("/m/rehashed"), scan: scan, at: Fixture.now)
            }
            #expect(try groups(fixture).first?.files.map(\.path.name) == ["kept", "uncovered"].map(bytes))
            _ = try fixture.write {
                try $0.setRoots([(FilePath("/m"), nil)]) { path, _ in path.description != "/m/uncovered" }
            }
            #expect(try groups(fixture).isEmpty)
        }
    }

    @Test func linksToOneFileElsewhereAreOneCopy() async throws {
        try await withCatalog { fixture in
            try add("file", aa, inode: 1, fixture)
            // Their target lies in no root.
            try add("link", aa, inode: 2, symlink: true, fixture)
            try add("other-link", aa, inode: 2, symlink: true, fixture)
            #expect(try groups(fixture).map(\.content.wasted) == [10])
        }
    }

    /// A link lies on the file system of its directory, and the device of its target may have another number by now.
    @Test(arguments: [500, nil] as [Int64?])
    func aLinkAcrossFileSystemsIsNoCopy(born: Int64?) async throws {
        try await withCatalog { fixture in
            try add("link", aa, inode: 1, device: 9, fileSystem: "uuid:2", born: born, symlink: true, fixture)
            try add("file", aa, inode: 1, device: 7, fileSystem: "uuid:1", born: born, fixture)
            let group = try #require(try groups(fixture).first)
            #expect(group.content.wasted == 0)
            #expect(Set(group.files.map(\.device)).count == 1)
        }
    }

    @Test func namesOfOneInodeSeenBeforeAndAfterARebootAreOneFile() async throws {
        try await withCatalog { fixture in
            try add("a", aa, inode: 1, links: 2, device: 7, fileSystem: "fsid:7", fixture)
            try add("b", aa, inode: 1, links: 2, device: 9, fileSystem: "fsid:9", fixture)
            let group = try #require(try groups(fixture).first)
            #expect(group.content.wasted == 0)
            #expect(group.files.map(\.device) == [7, 7])
        }
    }

    struct Pair: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var links: UInt32 = 2
        var born: (Int64?, Int64?) = (nil, nil)
        var fileSystems: (String?, String?) = (nil, nil)
        var devices: (UInt64, UInt64) = (7, 7)
        var isOneFile: Bool
    }

    @Test(arguments: [
        Pair(testDescription: "one name has no other", links: 1, isOneFile: false),
        Pair(testDescription: "born at different times", born: (1, 2), isOneFile: false),
        Pair(testDescription: "one file system", fileSystems: ("x", "x"), devices: (7, 9), isOneFile: true),
        Pair(testDescription: "two file systems", fileSystems: ("x", "y"), isOneFile: false),
        Pair(testDescription: "one device", isOneFile: true),
        Pair(testDescription: "two devices", devices: (7, 9), isOneFile: false),
    ])
    func filesWithOneInodeNumberAreToldApart(_ pair: Pair) async throws {
        try await withCatalog { fixture in
            try add(
                "a", aa, inode: 1, links: pair.links, device: pair.devices.0, fileSystem: pair.fileSystems.0,
                born: pair.born.0, fixture)
            try add(
                "b", aa, inode: 1, links: pair.links, device: pair.devices.1, fileSystem: pair.fileSystems.1,
                born: pair.born.1, fixture)
            #expect(try groups(fixture).map(\.content.wasted) == [pair.isOneFile ? 0 : 10])
        }
    }

    @Test func theLargestInodeAndSizeDoNotTrap() async throws {
        try await withCatalog { fixture in
            for name in ["a", "b", "c"] {
                try add(name, aa, size: .max, inode: .max - UInt64(name.utf8.first ?? 0), fixture)
            }
            let group = try #require(try groups(fixture).first)
            #expect(group.content.wasted == .max)
            #expect(group.files.map(\.inode) == ["a", "b", "c"].map { .max - UInt64($0.utf8.first ?? 0) })
        }
    }

    @Test func filesComeInPages() async throws {
        try await withCatalog { fixture in
            for number in 10..<15 { try add("\(number)", aa, inode: UInt64(number), fixture) }
            let content = try #require(try fixture.read { try $0.duplicateContents() }.first)
            var names: [String] = []
            var after: FilePath?
            while true {
                let page = try fixture.read { [after] in
                    try $0.duplicateFiles(ofContent: content, after: after, limit: 2)
                }
                guard let last = page.last else { break }
                names += page.map { String(decoding: $0.path.name, as: UTF8.self) }
                after = last.path
            }
            #expect(names == ["10", "11", "12", "13", "14"])
        }
    }

    // MARK: - The same weights

    private let weights = String(repeating: "7", count: 64)

    @Test func differentContentsWithOneAutoV3AreTheSameWeights() async throws {
        try await withCatalog { fixture in
            try add("b", .sample("aa", autoV3Full: weights), inode: 1, fixture)
            try add("a", .sample("bb", autoV3Full: weights), inode: 2, fixture)
            try add("b-copy", .sample("aa", autoV3Full: weights), inode: 3, fixture)
            try add("other", .sample("cc", autoV3Full: String(repeating: "6", count: 64)), inode: 4, fixture)
            try add("none", .sample("dd"), inode: 5, fixture)
            let sets = try sameWeights(fixture)
            #expect(sets.map(\.autoV3) == ["777777777777"])
            #expect(sets.map(\.names) == [["a", "b", "b-copy"]])
        }
    }

    @Test func copiesOfOneContentAreNotDifferentHeaders() async throws {
        try await withCatalog { fixture in
            try add("a", .sample("aa", autoV3Full: weights), inode: 1, fixture)
            try add("b", .sample("aa", autoV3Full: weights), inode: 2, fixture)
            let gone = try add("gone", .sample("bb", autoV3Full: weights), inode: 3, fixture)
            #expect(try sameWeights(fixture).count == 1)
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            #expect(try sameWeights(fixture).isEmpty)
        }
    }

    @Test func twelveDigitsAreNotEnough() async throws {
        try await withCatalog { fixture in
            let forged = String(repeating: "7", count: 63) + "8"
            try add("a", .sample("aa", autoV3Full: weights), inode: 1, fixture)
            try add("b", .sample("bb", autoV3Full: forged), inode: 2, fixture)
            #expect(try sameWeights(fixture).isEmpty)
            try add("c", .sample("cc", autoV3Full: forged), inode: 3, fixture)
            try add("d", .sample("dd", autoV3Full: weights), inode: 4, fixture)
            #expect(try sameWeights(fixture).map(\.names) == [["a", "d"], ["b", "c"]])
        }
    }

    @Test func filesThatAreOnlyAHeaderHaveNoWeights() async throws {
        try await withCatalog { fixture in
            let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            try add("a", .sample("aa", autoV3Full: nothing), inode: 1, fixture)
            try add("b", .sample("bb", autoV3Full: nothing), inode: 2, fixture)
            #expect(try sameWeights(fixture).isEmpty)
        }
    }

    // MARK: - Helpers

    @discardableResult
    private func add(
        _ name: String, _ digests: ContentDigests, size: Int64 = 10, inode: UInt64, links: UInt32 = 1,
        device: UInt64 = 7, fileSystem: String? = "uuid:1", born: Int64? = 500, symlink: Bool = false,
        _ fixture: Fixture
    ) throws -> Int64 {
        let sample = FileStatus.sample(size: size, inode: inode, links: links)
        let status = FileStatus(
            kind: .regular, size: size, modified: sample.modified, changed: sample.changed, born: born, inode: inode,
            device: device, links: links, owner: 0, group: 0, mode: sample.mode)
        let file = ObservedFile(
            path: fixture.root.path.appending(name), rootID: fixture.root.id, folder: [], status: status,
            fileSystemID: fileSystem, isSymbolicLink: symlink, placeType: nil, placeTypeSource: nil)
        let id = try fixture.write {
            try $0.add(file, content: .new(.sample), held: false, scan: nil, at: Fixture.now)
        }
        let job = try fixture.job(id)
        _ = try fixture.write { try $0.store(digests, of: job, description: .sample, at: Fixture.now) }
        return id
    }

    private func groups(_ fixture: Fixture) throws -> [(content: DuplicateContent, files: [DuplicateFile])] {
        try fixture.read { reader throws in
            try reader.duplicateContents().map {
                (
                    try #require(try reader.duplicate(ofContent: $0)),
                    try reader.duplicateFiles(ofContent: $0, after: nil, limit: 100)
                )
            }
        }
    }

    private func sameWeights(_ fixture: Fixture) throws -> [(autoV3: String, names: [String])] {
        try fixture.read { reader throws in
            try reader.contentsWithSameWeights().map {
                (
                    try #require(try reader.autoV3(ofContent: $0)),
                    try reader.filesWithSameWeights(asContent: $0, after: nil, limit: 100).map {
                        String(decoding: $0.name, as: UTF8.self)
                    }
                )
            }
        }
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
