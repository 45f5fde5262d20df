internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of the operating system for work that blocks, apart from Swift's cooperative pool.
package final class SystemThread: Sendable {
    /// Enough for SQLite, JSON and Swift's runtime, small enough for a process with dozens of threads.
    private static let stackSize = 512 * 1024

    private let finished = Mutex(false)
    private let condition = Condition()

    /// Starts a thread; the name is cut to 15 bytes as the kernel does.
    ///
    /// The thread is detached: one that hangs in the kernel must not keep the process from ending.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, Self.stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

        let work = ThreadWork { [weak self] in
            unsafe name.withCString { _ = unsafe linux_name_thread($0) }
            body()
            self?.markFinished()
        }
        let context = unsafe Unmanaged.passRetained(work)
        var thread = pthread_t()
        let result = unsafe pthread_create(&thread, &attributes, runThread, context.toOpaque())
        guard result == 0 else {
            unsafe context.release()
            throw SystemError(Errno(rawValue: result), call: "pthread_create", subject: name)
        }
    }

    /// Waits until the thread's body has returned; false when it has not within `milliseconds`.
    package func join(milliseconds: Int) -> Bool {
        let deadline = MonotonicTime.now.advanced(milliseconds: milliseconds)
        return condition.wait(until: deadline) { self.finished.withLock { $0 } }
    }

    private func markFinished() {
        finished.withLock { $0 = true }
        condition.broadcast()
    }

    /// Moves the calling thread to the idle classes of CPU and I/O; false where the system refuses.
    @discardableResult
    package static func makeCurrentIdle() -> Bool { linux_make_thread_idle() == 0 }

    /// Moves the idle threads of the process to the normal class, as far as the system allows it (CAP_SYS_NICE, or
    /// RLIMIT_NICE 20).
    ///
    /// A process ends when its last thread has, and while others keep the processors busy an idle thread needs seconds
    /// for that.
    package static func endIdleness() {
        let path = FilePath("/proc/self/task")
        guard let directory = try? FileDescriptor.open(path, O_RDONLY | O_DIRECTORY),
            let entries = try? listDirectory(directory.number, shown: path)
        else { return }
        for entry in entries {
            if let thread = Int32(String(decoding: entry.name, as: UTF8.self)) {
                _ = linux_make_idle_thread_normal(thread)
            }
        }
    }
}

/// File-level so that no actor isolation is inferred for code that runs on a foreign thread.
private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

private final class ThreadWork: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
