internal import CSystemd
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// What kikod tells systemd about itself (sd_notify(3)). Without systemd every call does nothing.
package final class ServiceManager: Sendable {
    /// What systemd has been told. It takes each message as it comes: READY=1 in the middle of a start would have
    /// others start too early, and EXTEND_TIMEOUT_USEC put off the end of one that is to stop.
    private enum Phase { case starting, running, stopping }

    private struct State {
        var phase = Phase.starting
        var shown = ""
    }

    private let isPresent: Bool
    private let state = Mutex(State())

    package init() { isPresent = unsafe getenv("NOTIFY_SOCKET") != nil }

    /// The daemon answers.
    package func ready() {
        state.withLock { state in
            guard state.phase == .starting else { return }
            state.phase = .running
            notify("READY=1")
        }
    }

    /// The daemon is about to end.
    package func stopping() {
        state.withLock { state in
            guard state.phase != .stopping else { return }
            state.phase = .stopping
            notify("STOPPING=1")
        }
    }

    /// The configuration is being read again. `MONOTONIC_USEC` is what `Type=notify-reload` wants (systemd 253).
    package func reloading() {
        state.withLock { state in
            guard state.phase == .running else { return }
            notify("RELOADING=1\nMONOTONIC_USEC=\(MonotonicTime.now.nanoseconds / 1000)")
        }
    }

    /// The configuration has been read again.
    package func reloaded() { state.withLock { if $0.phase == .running { notify("READY=1") } } }

    /// Everything that is watched makes progress.
    package func alive() { notify("WATCHDOG=1") }

    /// The daemon ends because of this error of the system.
    package func failed(_ errno: Int32) { notify("ERRNO=\(errno)") }

    /// Starting takes longer, but gets on: the service manager is to wait for this long from now on at least.
    package func extendTimeout(seconds: Int) {
        state.withLock { if $0.phase == .starting { notify("EXTEND_TIMEOUT_USEC=\(seconds)000000") } }
    }

    /// How often `alive` is expected; nil when no watchdog is set.
    package var watchdogInterval: Int64? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        let (nanoseconds, overflow) = Int64(clamping: microseconds).multipliedReportingOverflow(by: 1000)
        return overflow ? .max : nanoseconds
    }

    /// Shows a line in `systemctl status`. Callers keep to one line a second.
    package func show(_ line: String) {
        state.withLock { state in
            guard state.shown != line else { return }
            state.shown = line
            // A newline would begin another assignment.
            notify("STATUS=" + line.onOneLine)
        }
    }

    private func notify(_ message: String) {
        guard isPresent else { return }
        // A service manager that does not listen is no reason to fail.
        _ = unsafe message.withCString { unsafe sd_notify(0, $0) }
    }
}
