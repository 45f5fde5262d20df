internal import CLinux
internal import Synchronization

/// A place where threads wait for a state to change. The state itself lives in the caller's `Mutex`.
///
/// No lock is held at any time. With pthread's condition variables one would be: a hashing thread, which only runs
/// when nobody else wants the processor, could be interrupted while it holds theirs, and on a busy machine everybody
/// who wakes it would then stand still for a second.
///
/// `@unchecked Sendable`: the two words are allocated once, never moved, used only atomically, and freed when no
/// reference is left.
@safe package final class Condition: @unchecked Sendable {
    /// Counts the broadcasts; the kernel puts a thread to sleep only if it is still what the thread saw.
    private let broadcasts: UnsafeMutablePointer<Atomic<UInt32>>
    /// Threads that may be asleep.
    private let waiters: UnsafeMutablePointer<Atomic<Int>>

    package init() {
        unsafe broadcasts = .allocate(capacity: 1)
        unsafe waiters = .allocate(capacity: 1)
        unsafe broadcasts.initialize(to: Atomic(0))
        unsafe waiters.initialize(to: Atomic(0))
    }

    deinit {
        unsafe broadcasts.deinitialize(count: 1)
        unsafe waiters.deinitialize(count: 1)
        unsafe broadcasts.deallocate()
        unsafe waiters.deallocate()
    }

    /// Wakes every waiter so that it looks at its state again. Call it after the state has changed.
    package func broadcast() {
        unsafe broadcasts.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
        // A waiter that has not counted itself yet will see the new number, and the changed state with it.
        guard unsafe waiters.pointee.load(ordering: .sequentiallyConsistent) > 0 else { return }
        unsafe linux_futex_wake_all(word)
    }

    /// Waits until `isMet` answers true, or until `deadline`; the answer that ended the wait.
    @discardableResult
    package func wait(until deadline: MonotonicTime = .distantFuture, _ isMet: () -> Bool) -> Bool {
        if isMet() { return true }
        unsafe waiters.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { unsafe waiters.pointee.wrappingSubtract(1, ordering: .relaxed) }
        while true {
            let seen = unsafe broadcasts.pointee.load(ordering: .sequentiallyConsistent)
            if isMet() { return true }
            if deadline != .distantFuture, MonotonicTime.now >= deadline { return false }
            unsafe linux_futex_wait(word, seen, deadline.nanoseconds)
        }
    }

    private var word: UnsafePointer<UInt32> {
        // An `Atomic<UInt32>` is laid out as the number in it.
        unsafe UnsafeRawPointer(broadcasts).assumingMemoryBound(to: UInt32.self)
    }
}
