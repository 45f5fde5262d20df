import Glibc
import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import Hashing

private let block = 64 * 1024

@Suite struct HashingThreadTests {
    private func options(
        uncached: Bool = true, beforeRead: (@Sendable (Int64) -> Void)? = nil
    ) -> BlockReader.Options {
        BlockReader.Options(blockSize: block, uncached: uncached, beforeRead: beforeRead)
    }

    @Test(arguments: [true, false])
    func filesOfAnyLengthHaveTheDigestsOfTheirBytes(uncached: Bool) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var sizes = [0, 1, block - 1, block, block + 1, 2 * block, 7 * block, (2 << 20) + 3]
        sizes.append(Int.random(in: 0...(40 * block), using: &generator))
        try await withTemporaryDirectory { directory in
            let hashing = try HashingFixture(options(uncached: uncached))
            let path = directory.appending("a")
            for size in sizes {
                let bytes = generator.bytes(size)
                try writeFile(path, bytes)
                let file = TestFile(path, size: size)
                #expect(try await hashing.hash(file) == digests(bytes), "\(size) bytes, seed \(seed)")
                #expect(file.control.bytesDone == UInt64(size))
            }
        }
    }

    @Test func twoFilesShareTheThreadAndAllComeOutRight() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        try await withTemporaryDirectory { directory in
            let hashing = try HashingFixture(options())
            var files: [(TestFile, Digests)] = []
            for index in 0..<24 {
                let bytes = generator.bytes(Int.random(in: 0...(12 * block), using: &generator))
                let path = directory.appending("\(index)")
                try writeFile(path, bytes)
                files.append((TestFile(path, size: bytes.count), try digests(bytes)))
            }
            hashing.governor.isPaused = true
            hashing.begin(files.map(\.0))
            try await wait { files.prefix(2).allSatisfy { $0.0.control.isHeld } }
            hashing.governor.isPaused = false
            for (file, expected) in files {
                #expect(try await hashing.outcome(of: file) == expected, "\(file.path), seed \(seed)")
            }
        }
    }

    @Test func aCancelledFileIsNotRead() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, [UInt8](repeating: 1, count: block))
            let file = TestFile(path, size: block)
            file.control.cancel()
            let hashing = try HashingFixture(options())
            await #expect(throws: HashingError.cancelled) { try await hashing.hash(file) }
            #expect(file.control.bytesDone == 0)
        }
    }

    @Test func aReadThatHangsHoldsUpNoOtherFile() async throws {
        try await withTemporaryDirectory { directory in
            let hanging = TestFile(directory.appending("a"), size: 8 * block)
            try writeFile(hanging.path, [UInt8](repeating: 1, count: 8 * block))
            let gate = Condition()
            let isOpen = Mutex(false)
            let isHanging = Mutex(false)
            let hashing = try HashingFixture(
                options { offset in
                    guard offset == Int64(3 * block), !isHanging.withLock({ $0 }) else { return }
                    isHanging.withLock { $0 = true }
                    gate.broadcast()
                    gate.wait { isOpen.withLock { $0 } }
                })
            hashing.begin([hanging])
            try await onOwnThread("gate") { _ = gate.wait { isHanging.withLock { $0 } } }
            // Beside it, and in its place once it is given up, others are read.
            for name in ["b", "c", "d"] {
                let bytes = [UInt8](name.utf8) + [UInt8](repeating: 7, count: 5 * block)
                let other = TestFile(directory.appending(name), size: bytes.count)
                try writeFile(other.path, bytes)
                #expect(try await hashing.hash(other) == digests(bytes))
                if name == "b" {
                    hanging.control.cancel()
                    await #expect(throws: HashingError.cancelled) { try await hashing.outcome(of: hanging) }
                    #expect(!hanging.hasBeenLetGo)
                }
            }
            #expect(hanging.control.bytesDone <= UInt64(3 * block))
            isOpen.withLock { $0 = true }
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
            let hashing = try HashingFixture(
                options { offset in
                    if offset == Int64(atBlock * block) { ftruncate(number, atBlock * block + 100) }
                })
            await #expect(throws: HashingError.changed(expectedSize: UInt64(size))) {
                try await hashing.hash(TestFile(path, size: size))
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
            let hashing = try HashingFixture(options { _ in ftruncate(number, size + 1) })
            await #expect(throws: HashingError.changed(expectedSize: UInt64(size))) {
                try await hashing.hash(TestFile(path, size: size))
            }
        }
    }

    @Test(arguments: [10, 10 * block])
    func aReadThatFailsNamesTheFileAndTheOffset(size: Int) async throws {
        try await withTemporaryDirectory { directory in
            // Reading a directory fails with EISDIR, the one read error that needs no broken drive.
            let hashing = try HashingFixture(options())
            do {
                _ = try await hashing.hash(TestFile(directory, size: size))
                Issue.record("a directory has no digests")
            } catch let error as SystemError {
                #expect(error.errno.rawValue == EISDIR)
                #expect(error.subject == "\(directory) at byte 0")
            }
        }
    }

    @Test func whatTheLastLookThrowsIsTheOutcome() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, "a")
            let hashing = try HashingFixture(options())
            await #expect(throws: TestFailure.self) {
                try await hashing.hash(TestFile(path, size: 1) { throw TestFailure("changed") })
            }
            #expect(try await hashing.hash(TestFile(path, size: 1)) == digests([UInt8(ascii: "a")]))
        }
    }
}
