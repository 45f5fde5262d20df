import Glibc
import TestSupport
import Testing

@testable import Catalog
@testable import Hashing
@testable import Indexing
@testable import LinuxSystem

/// What the reading of a file notices of those who change it meanwhile.
@Suite struct FileReadingTests {
    @Test func anEditWhoseTimeIsPutBackLeavesTheDigestInDoubt() async throws {
        try await withFile { path in
            let reading = try circumstances(of: path) {
                let before = try FileStatus.of(path)
                try writeFile(path, "other")
                try setTime(path, before.modified)
            }
            try #require(try hasLastingInodes(path))
            #expect(reading.changedBefore != nil)
            #expect(reading.changedAfter != reading.changedBefore)
        }
    }

    @Test func aFileThatNobodyTouchesIsNotInDoubt() async throws {
        try await withFile { path in
            let reading = try circumstances(of: path) {}
            try #require(try hasLastingInodes(path))
            #expect(reading.changedBefore == (try FileStatus.of(path).changed))
            #expect(reading.changedAfter == reading.changedBefore)
            #expect(reading.asked == WantedDigests(blake3: true, autoV3UpTo: 2 << 30))
        }
    }

    // MARK: - Helpers

    private func withFile(_ body: (FilePath) throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a.ckpt")
            try writeFile(path, "bytes")
            try setAge(path, seconds: 3600)
            try body(path)
        }
    }

    private func hasLastingInodes(_ path: FilePath) throws -> Bool {
        try FileDescriptor.open(path, O_RDONLY).fileSystemType().hasLastingInodes
    }

    private func setTime(_ path: FilePath, _ nanoseconds: Int64) throws {
        let time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        try #require(unsafe utimensat(AT_FDCWD, path.description, [time, time], 0) == 0)
    }

    /// Reads a file, and lets something happen between its first byte and its last.
    private func circumstances(of path: FilePath, _ meanwhile: () throws -> Void) throws -> ReadingCircumstances {
        let status = try FileStatus.of(path)
        let job = HashJob(
            fileID: 1, path: path, rootID: 1, contentID: 1, size: status.size, modified: status.modified,
            inode: status.inode, device: status.device, attempts: 0, purpose: .first)
        var settings = IndexingSettings(roots: [])
        settings.blake3 = true
        let drive = KnownDrive(drive: Drive(id: "drive", kind: .solid), meter: DriveMeter())
        let reading = FileReading(job, on: drive, options: settings.options) { _ in }
        let file = try reading.open()
        _ = try reading.plan(file)
        try meanwhile()
        try reading.check(file)
        let digests = Digests(sha256: "", autoV1: nil, untruncatedAutoV3: nil, crc32: "", blake3: nil)
        guard case .digests(_, _, let circumstances, _) = reading.outcome(of: .success(digests)) else {
            throw TestFailure("the digests were not kept")
        }
        return circumstances
    }
}
