internal import CLinux
internal import Glibc

/// A counter in the kernel that wakes a thread which waits in poll(2) (eventfd(2)).
package struct EventDescriptor: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    package init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
    }

    /// Makes the descriptor readable.
    package borrowing func signal() {
        // EAGAIN means that the counter is full, which wakes the reader just as well.
        _ = eventfd_write(descriptor.number, 1)
    }

    /// Makes the descriptor not readable again.
    package borrowing func clear() {
        var count: UInt64 = 0
        _ = unsafe eventfd_read(descriptor.number, &count)
    }
}

/// Waits until one of the descriptors is readable or `deadline` has come; true for each readable one.
package func waitUntilReadable(
    _ descriptors: [Int32], until deadline: MonotonicTime = .distantFuture
) throws(SystemError) -> [Bool] {
    var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
        var timeout: Int32 = -1
        if deadline != .distantFuture {
            // Rounded up, so that the deadline has passed when poll(2) returns for it.
            let milliseconds = (max(0, deadline.since(.now)) + 999_999) / 1_000_000
            timeout = Int32(min(milliseconds, 3_600_000))
        }
        let count = unsafe requests.withUnsafeMutableBufferPointer {
            unsafe poll($0.baseAddress, nfds_t($0.count), timeout)
        }
        if count > 0 { return requests.map { $0.revents != 0 } }
        if count == 0, MonotonicTime.now >= deadline { return requests.map { _ in false } }
        if count < 0, Errno.current != .interrupted { throw SystemError(.current, call: "poll") }
    }
}
