import Glibc
import Synchronization
import TestSupport
import Testing

@testable import LinuxSystem

/// Threads, conditions and descriptors that wake each other.
@Suite struct WaitingTests {
    private final class Flag: Sendable {
        private let value = Mutex(false)
        private let condition = Condition()

        var isSet: Bool { value.withLock { $0 } }

        func set() {
            value.withLock { $0 = true }
            condition.broadcast()
        }

        func wait(until deadline: MonotonicTime = .distantFuture) -> Bool { condition.wait(until: deadline) { isSet } }
    }

    // MARK: - Condition

    @Test func broadcastWakesEveryWaiter() async throws {
        let flag = Flag()
        let waiters = (0..<4).map { _ in Flag() }
        for waiter in waiters {
            _ = try SystemThread(name: "waiter") { if flag.wait() { waiter.set() } }
        }
        flag.set()
        let woken = try await onOwnThread("test") { waiters.map { $0.wait() } }
        #expect(woken == [true, true, true, true])
    }

    @Test func conditionThatIsMetIsNotWaitedFor() {
        #expect(Condition().wait(until: MonotonicTime(nanoseconds: 0)) { true })
    }

    @Test func deadlineEndsTheWaitWithTheLastAnswer() async throws {
        let flag = Flag()
        let outcome = try await onOwnThread("test") { flag.wait(until: MonotonicTime.now.advanced(milliseconds: 5)) }
        #expect(!outcome)
        #expect(!flag.wait(until: MonotonicTime(nanoseconds: 0)))
    }

    @Test func wakingWithoutAChangeWaitsOn() async throws {
        let condition = Condition()
        let looks = Mutex(0)
        let waker = try SystemThread(name: "waker") {
            while looks.withLock({ $0 }) < 5 {
                condition.broadcast()
                sched_yield()
            }
        }
        let met = try await onOwnThread("test") {
            condition.wait {
                looks.withLock {
                    $0 += 1
                    return $0 == 5
                }
            }
        }
        #expect(met)
        #expect(looks.withLock { $0 } == 5)
        #expect(try await onOwnThread("join") { waker.join(milliseconds: 60_000) })
    }

    // MARK: - SystemThread

    @Test func joinWaitsForTheEndOfTheBody() async throws {
        let flag = Flag()
        let thread = try SystemThread(name: "worker") { _ = flag.wait() }
        #expect(!thread.join(milliseconds: 0))
        flag.set()
        #expect(try await onOwnThread("join") { thread.join(milliseconds: 60_000) })
        // And again, when it has long ended.
        #expect(thread.join(milliseconds: 0))
    }

    @Test func threadRunsOnWhenNobodyHoldsIt() async throws {
        let flag = Flag()
        _ = try SystemThread(name: "forgotten") { flag.set() }
        #expect(try await onOwnThread("test") { flag.wait() })
    }

    @Test func threadBearsTheFirstFifteenBytesOfItsName() async throws {
        let name = try await onOwnThread("a-name-that-is-too-long") {
            try readFile(FilePath("/proc/thread-self/comm"), limit: 64)
        }
        #expect(name == Array("a-name-that-is-\n".utf8))
    }

    @Test func errorsOfABodyReachTheCaller() async throws {
        await #expect(throws: SystemError(.noSpace, call: "write")) {
            try await onOwnThread("test") { throw SystemError(.noSpace, call: "write") }
        }
    }

    // MARK: - EventDescriptor

    @Test func signalMakesReadableAndClearUndoesIt() throws {
        let past = MonotonicTime(nanoseconds: 0)
        let event = try EventDescriptor()
        let other = try EventDescriptor()
        let numbers = [event.descriptor.number, other.descriptor.number]
        #expect(try waitUntilReadable(numbers, until: past) == [false, false])
        event.signal()
        event.signal()
        #expect(try waitUntilReadable(numbers) == [true, false])
        #expect(try waitUntilReadable(numbers) == [true, false])
        event.clear()
        #expect(try waitUntilReadable(numbers, until: past) == [false, false])
        event.clear()
        other.signal()
        #expect(try waitUntilReadable(numbers) == [false, true])
    }

    @Test func signalOfAnotherThreadEndsTheWait() async throws {
        let shared = SharedEvent(try EventDescriptor())
        _ = try SystemThread(name: "signal") { shared.event.signal() }
        #expect(try await onOwnThread("test") { try waitUntilReadable([shared.event.descriptor.number]) } == [true])
    }

    private final class SharedEvent: Sendable {
        let event: EventDescriptor
        init(_ event: consuming EventDescriptor) { self.event = event }
    }

    @Test func deadlineHasPassedWhenTheWaitEnds() async throws {
        let (ready, isOver) = try await onOwnThread("test") {
            let event = try EventDescriptor()
            let deadline = MonotonicTime.now.advanced(nanoseconds: 1_500_000)
            return (try waitUntilReadable([event.descriptor.number], until: deadline), MonotonicTime.now >= deadline)
        }
        #expect(ready == [false])
        #expect(isOver)
    }

    @Test func closedPeerCountsAsReadable() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        let reading = FileDescriptor(owning: ends[0])
        close(ends[1])
        #expect(try waitUntilReadable([reading.number]) == [true])
    }

    // MARK: - Time

    @Test func momentsSaturate() {
        #expect(MonotonicTime(nanoseconds: -5) == MonotonicTime(nanoseconds: 0))
        #expect(MonotonicTime.now.advanced(nanoseconds: .max) == .distantFuture)
        #expect(MonotonicTime.now.advanced(milliseconds: .max) == .distantFuture)
        #expect(MonotonicTime(nanoseconds: 5).advanced(nanoseconds: -9) == MonotonicTime(nanoseconds: 0))
        #expect(MonotonicTime(nanoseconds: 5).advanced(milliseconds: 2) == MonotonicTime(nanoseconds: 2_000_005))
        #expect(MonotonicTime(nanoseconds: 9).since(MonotonicTime(nanoseconds: 5)) == 4)
    }
}
