internal import Glibc

/// A condition variable over the monotonic clock. The state that it guards lives in the caller's `Mutex`.
///
/// `@unchecked Sendable`: the two pthread objects are allocated once, never moved, used only through
/// pthread calls, which are thread-safe by definition, and freed when no reference is left.
@safe package final class Condition: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Wakes every waiter so that it looks at its state again. Call it after the state has changed.
    package func broadcast() {
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Waits until `isMet` answers true, or until `deadline`; the answer that ended the wait.
    ///
    /// `isMet` runs with the condition held, so a `broadcast` that follows a change is never lost.
    /// It must not block, nor call `broadcast` of the same condition.
    @discardableResult
    package func wait(until deadline: MonotonicTime = .distantFuture, _ isMet: () -> Bool) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while !isMet() {
            if deadline == .distantFuture {
                unsafe pthread_cond_wait(condition, mutex)
            } else {
                var time = timespec(
                    tv_sec: Int(deadline.nanoseconds / 1_000_000_000),
                    tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
                if unsafe pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { return isMet() }
            }
        }
        return true
    }
}
