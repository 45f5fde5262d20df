internal import CLinux
internal import Glibc

/// Becomes readable when somebody sets the wall clock, and when the system wakes from suspend.
///
/// A timer of timerfd_create(2) that never expires; TFD_TIMER_CANCEL_ON_SET makes the kernel cancel it.
package struct ClockChangeDescriptor: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    /// Makes the timer and arms it.
    package init() throws(SystemError) {
        let timer = FileDescriptor(
            owning: try systemCall("timerfd_create") { linux_make_clock_timer() })
        try Self.arm(timer.number)
        descriptor = timer
    }

    /// True when the clock was changed since the last call; the descriptor is then armed again.
    package borrowing func takeChange() throws(SystemError) -> Bool {
        var expirations: UInt64 = 0
        do throws(SystemError) {
            _ = try systemCall("read", "timerfd") {
                unsafe withUnsafeMutableBytes(of: &expirations) { bytes in
                    unsafe Glibc.read(descriptor.number, bytes.baseAddress, bytes.count)
                }
            }
        } catch {
            if error.errno == .again { return false }
            guard error.errno == .cancelled else { throw error }
        }
        // Armed anew after an expiry as well: only a clock that was set beyond all measure gets there.
        try Self.arm(descriptor.number)
        return true
    }

    private static func arm(_ timer: Int32) throws(SystemError) {
        try systemCall("timerfd_settime") { linux_arm_clock_timer(timer) }
    }
}

extension Errno {
    /// A timer was cancelled because the clock was set.
    package static let cancelled = Errno(rawValue: ECANCELED)
    /// The process has too many descriptors, or the user too many inotify instances.
    package static let tooManyOpenFiles = Errno(rawValue: EMFILE)
    /// The system has too many open files.
    package static let tooManyOpenFilesInSystem = Errno(rawValue: ENFILE)
}
