import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import Hashing

private let block = 64 * 1024

@Suite struct ReadingGovernorTests {
    @Test func aPauseHoldsFilesWhereTheyAre() async throws {
        try await withTemporaryDirectory { directory in
            let bytes = [UInt8](repeating: 9, count: 6 * block)
            let path = directory.appending("a")
            try writeFile(path, bytes)
            let reached = Mutex<HashingFixture?>(nil)
            let hashing = try HashingFixture(
                BlockReader.Options(
                    blockSize: block, uncached: true,
                    beforeRead: { if $0 == Int64(2 * block) { reached.withLock { $0 }?.governor.isPaused = true } }))
            reached.withLock { $0 = hashing }
            let file = TestFile(path, size: bytes.count)
            hashing.begin([file])
            try await wait { file.control.isHeld }
            #expect(file.control.bytesDone <= UInt64(2 * block))
            hashing.governor.isPaused = false
            #expect(try await hashing.outcome(of: file) == digests(bytes))
            #expect(!file.control.isHeld)
            reached.withLock { $0 = nil }
        }
    }

    @Test func aHeldFileCanBeCancelled() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, [UInt8](repeating: 9, count: block))
            let hashing = try HashingFixture(BlockReader.Options(blockSize: block))
            hashing.governor.isPaused = true
            let file = TestFile(path, size: block)
            hashing.begin([file])
            try await wait { file.control.isHeld }
            file.control.cancel()
            await #expect(throws: HashingError.cancelled) { try await hashing.outcome(of: file) }
        }
    }

    @Test func theOldestReadersGoOnWhereFewAreAllowed() async throws {
        let governor = ReadingGovernor()
        let (first, second) = (HashingControl(), HashingControl())
        governor.enter(first)
        governor.enter(second)
        governor.setReadersAllowed(0)
        try governor.admit(1, first)
        let passed = Mutex(false)
        let thread = try SystemThread(name: "reader") {
            try? governor.admit(1, second)
            passed.withLock { $0 = true }
        }
        try await wait { second.isHeld }
        #expect(!passed.withLock { $0 })
        governor.leave(first)
        #expect(try await onOwnThread("join") { thread.join(milliseconds: 60_000) })
        #expect(passed.withLock { $0 })
    }

    @Test func aReaderThatWasGivenUpLeavesItsPlaceToAnother() async throws {
        let governor = ReadingGovernor()
        let (hung, other) = (HashingControl(), HashingControl())
        governor.enter(hung)
        governor.enter(other)
        governor.setReadersAllowed(1)
        try governor.admit(1, hung)
        let thread = try SystemThread(name: "reader") { try? governor.admit(1, other) }
        try await wait { other.isHeld }
        // It never leaves: its thread hangs with the drive.
        hung.cancel()
        let hasPassed = try await onOwnThread("join") { thread.join(milliseconds: 10_000) }
        #expect(hasPassed)
        other.cancel()
    }

    @Test func aRateIsHeldOverSmallPieces() {
        let governor = ReadingGovernor()
        #expect(governor.piece(of: 4 << 20) == 4 << 20)
        governor.setMaximumRate(10 << 20)
        #expect(governor.piece(of: 4 << 20) == 1 << 20)
        #expect(governor.piece(of: 100) == 100)
        governor.setMaximumRate(1)
        #expect(governor.piece(of: 4 << 20) == 4096)
        governor.setMaximumRate(0)
        #expect(governor.piece(of: 4 << 20) == 4 << 20)
    }

    @Test func whoWaitsForTheRateGoesOnWhenItIsLifted() async throws {
        let governor = ReadingGovernor()
        let control = HashingControl()
        governor.enter(control)
        governor.setMaximumRate(1)
        // The first piece takes the time of the next hours.
        try governor.admit(4096, control)
        let thread = try SystemThread(name: "reader") { try? governor.admit(4096, control) }
        try await wait { control.isHeld }
        governor.setMaximumRate(0)
        #expect(try await onOwnThread("join") { thread.join(milliseconds: 60_000) })
    }
}
