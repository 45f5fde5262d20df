internal import Glibc
internal import LinuxSystem

/// Signals of the process, taken in by a thread of their own.
package enum ProcessSignals {
    /// What the daemon reacts to.
    package enum Kind: Sendable {
        /// SIGTERM or SIGINT.
        case terminate
        /// SIGHUP.
        case reload
    }

    /// Keeps SIGTERM, SIGINT and SIGHUP from their default actions and has SIGPIPE ignored.
    ///
    /// Call it on the main thread before any other thread starts, since threads inherit the mask.
    package static func block() {
        var set = handled()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Calls `receive` for every signal that arrives, for as long as the process lives. It must return quickly.
    package static func start(_ receive: @escaping @Sendable (Kind) -> Void) throws {
        _ = try SystemThread(name: "signals") {
            var set = handled()
            while true {
                var number: Int32 = 0
                guard unsafe sigwait(&set, &number) == 0 else { continue }
                receive(number == SIGHUP ? .reload : .terminate)
            }
        }
    }

    private static func handled() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
        return set
    }
}
