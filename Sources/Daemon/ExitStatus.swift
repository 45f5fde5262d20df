internal import Glibc
internal import LinuxSystem

/// The exit codes of kikod, after sysexits.h where that has one.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    case failure = 1
    case usage = 64
    case unavailable = 69
    case configuration = 78
}

/// Why the daemon cannot start or go on, with the exit code that says so to whoever started it.
struct DaemonFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String
    /// What to do, in lines.
    let advice: [String]
    /// The error of the system behind it, for the service manager.
    let errno: Int32?

    init(_ status: ExitStatus, _ description: String, advice: [String] = [], errno: Int32? = nil) {
        self.status = status
        self.description = description
        self.advice = advice
        self.errno = errno
    }

    /// An error of the system that keeps kikod from starting: a fault of the configuration unless it may pass, for then
    /// the service manager has to try again.
    init(_ description: String, _ error: SystemError) {
        let status: ExitStatus =
            switch error.errno.rawValue {
            // An address may come later, as with a network.
            case EADDRINUSE, EADDRNOTAVAIL, EAGAIN: .unavailable
            case ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM, ENOBUFS: .failure
            default: .configuration
            }
        self.init(status, "\(description): \(error)", errno: error.errno.rawValue)
    }
}
