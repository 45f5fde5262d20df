import Glibc
import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import Hashing

private let block = 64 * 1024

@Suite struct FileHasherTests {
    private func hash(
        _ path: FilePath, size: Int, with hasher: FileHasher, _ control: HashingControl = HashingControl()
    ) throws -> Digests {
        let file = try FileDescriptor.open(path, O_RDONLY)
        return try hasher.hash(file, path: path, plan: DigestPlan(size: UInt64(size)), control: control)
    }

    @Test(arguments: [true, false])
    func filesOfAnyLengthHaveTheDigestsOfTheirBytes(uncached: Bool) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var sizes = [0, 1, block - 1, block, block + 1, 2 * block, 7 * block, (2 << 20) + 3]
        sizes.append(Int.random(in: 0...(40 * block), using: &generator))
        try await withTemporaryDirectory { directory in
            let hasher = FileHasher(blockSize: block, uncached: uncached)
            let path = directory.appending("a")
            for size in sizes {
                let bytes = generator.bytes(size)
                try writeFile(path, bytes)
                let control = HashingControl()
                let result = try hash(path, size: size, with: hasher, control)
                #expect(result == (try digests(bytes)), "\(size) bytes, seed \(seed)")
                #expect(control.bytesDone == UInt64(size))
            }
        }
    }

    @Test func smallFilesAreReadOnTheCallingThread() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, [UInt8](repeating: 1, count: block))
            let caller = pthread_self()
            let others = Mutex(0)
            let hasher = FileHasher(blockSize: block) { _ in
                if pthread_equal(pthread_self(), caller) == 0 { others.withLock { $0 += 1 } }
            }
            _ = try hash(path, size: block, with: hasher)
            #expect(others.withLock { $0 } == 0)
        }
    }

    @Test func aCancelledControlStopsBeforeAnythingIsRead() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, [UInt8](repeating: 1, count: block))
            let control = HashingControl()
            control.cancel()
            #expect(throws: HashingError.cancelled) {
                try hash(path, size: block, with: FileHasher(blockSize: block), control)
            }
            #expect(control.bytesDone == 0)
        }
    }

    @Test func cancelTakesEffectWhileAReadHangs() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, [UInt8](repeating: 1, count: 8 * block))
            let control = HashingControl()
            let gate = Condition()
            let open = Mutex(false)
            let hasher = FileHasher(blockSize: block) { offset in
                guard offset == Int64(3 * block), !open.withLock({ $0 }) else { return }
                control.cancel()
                gate.wait { open.withLock { $0 } }
            }
            #expect(throws: HashingError.cancelled) { try hash(path, size: 8 * block, with: hasher, control) }
            #expect(control.bytesDone <= UInt64(3 * block))
            // The read still hangs; the next file does not wait for it nor share its memory.
            open.withLock { $0 = true }
            let other = directory.appending("b")
            let bytes = [UInt8](repeating: 7, count: 5 * block)
            try writeFile(other, bytes)
            #expect(try hash(other, size: bytes.count, with: hasher) == digests(bytes))
            gate.broadcast()
        }
    }

    @Test(arguments: [0, 1, 6])
    func aFileThatShrinksWhileItIsReadHasChanged(atBlock: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            let size = 8 * block
            try writeFile(path, [UInt8](repeating: 1, count: size))
            let file = try FileDescriptor.open(path, O_RDWR)
            let number = file.number
            let hasher = FileHasher(blockSize: block) { offset in
                if offset == Int64(atBlock * block) { ftruncate(number, atBlock * block + 100) }
            }
            #expect(throws: HashingError.changed(expectedSize: UInt64(size))) {
                try hash(path, size: size, with: hasher)
            }
        }
    }

    @Test(arguments: [100, 3 * block])
    func aFileThatGrowsWhileItIsReadHasChanged(size: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, [UInt8](repeating: 1, count: size))
            let file = try FileDescriptor.open(path, O_RDWR)
            let number = file.number
            let hasher = FileHasher(blockSize: block) { _ in ftruncate(number, size + 1) }
            #expect(throws: HashingError.changed(expectedSize: UInt64(size))) {
                try hash(path, size: size, with: hasher)
            }
        }
    }

    @Test(arguments: [10, 10 * block])
    func aReadThatFailsNamesTheFileAndTheOffset(size: Int) async throws {
        try await withTemporaryDirectory { directory in
            // Reading a directory fails with EISDIR, the one read error that needs no broken drive.
            let directoryDescriptor = try FileDescriptor.open(directory, O_RDONLY)
            let plan = DigestPlan(size: UInt64(size))
            do {
                _ = try FileHasher(blockSize: block).hash(
                    directoryDescriptor, path: directory, plan: plan, control: HashingControl())
                Issue.record("a directory has no digests")
            } catch let error as SystemError {
                #expect(error.errno.rawValue == EISDIR)
                #expect(error.subject == "\(directory) at byte 0")
            }
        }
    }

    @Test func theDescriptorStaysUsable() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            let bytes = [UInt8](repeating: 3, count: 4 * block)
            try writeFile(path, bytes)
            let file = try FileDescriptor.open(path, O_RDONLY)
            let hasher = FileHasher(blockSize: block)
            let plan = DigestPlan(size: UInt64(bytes.count))
            let first = try hasher.hash(file, path: path, plan: plan, control: HashingControl())
            let second = try hasher.hash(file, path: path, plan: plan, control: HashingControl())
            #expect(first == second)
        }
    }
}
