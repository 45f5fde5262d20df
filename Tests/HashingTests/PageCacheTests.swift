import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Hashing

private let block = 64 * 1024
private let size = 16 * block

@Suite struct PageCacheTests {
    /// A file on disk of which no page is cached, or nil where pages cannot be dropped (tmpfs).
    private func coldFile(_ path: FilePath) throws -> Bool {
        try writeFile(path, [UInt8](repeating: 5, count: size))
        let file = try FileDescriptor.open(path, O_RDWR)
        try systemCall("fsync") { fsync(file.number) }
        file.dropFromPageCache(offset: 0, count: size)
        return cachedBlocks(file) == 0
    }

    private func cachedBlocks(_ file: borrowing FileDescriptor) -> Int? {
        file.cachedBlocks(blockSize: block, size: Int64(size))?.count { $0 }
    }

    @Test(arguments: [true, false])
    func whatWasColdIsColdAfterwards(uncached: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            guard try coldFile(path) else { return }
            let file = try FileDescriptor.open(path, O_RDONLY)
            // Readahead would bring in blocks that this tiny file is then found to have cached.
            _ = try await HashingFixture(BlockReader.Options(blockSize: block, uncached: uncached)).hash(
                TestFile(path, size: size, isReadAhead: false))
            #expect(cachedBlocks(file) == 0)
        }
    }

    @Test(arguments: [true, false])
    func whatWasWarmIsWarmAfterwards(uncached: Bool) async throws {
        try await withTemporaryDirectory { directory in
            // The kernel may drop pages at any moment by itself, be it of this file alone; what hashing drops, it drops
            // every time.
            var found: [Int?] = []
            for attempt in 0..<10 {
                let path = directory.appending("read-\(attempt)")
                let file = try warmFile(path)
                // A kernel that does not tell what is cached.
                guard cachedBlocks(file) != nil else { return }
                _ = try await HashingFixture(BlockReader.Options(blockSize: block, uncached: uncached)).hash(
                    TestFile(path, size: size))
                found.append(cachedBlocks(file))
                if found.last == size / block { return }
            }
            Issue.record("of \(size / block) blocks that were cached these were left: \(found)")
        }
    }

    /// A file on disk of which every page has just been written.
    private func warmFile(_ path: FilePath) throws -> FileDescriptor {
        try writeFile(path, [UInt8](repeating: 5, count: size))
        let file = try FileDescriptor.open(path, O_RDONLY)
        try systemCall("fsync") { fsync(file.number) }
        return file
    }
}
