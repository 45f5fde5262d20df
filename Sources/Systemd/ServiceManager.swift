internal import CSystemd
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// What kikod tells systemd about itself (sd_notify(3)). Without systemd every call does nothing.
package final class ServiceManager: Sendable {
    private let isPresent: Bool
    private let status = Mutex(Status())

    private struct Status: Sendable {
        var shown = ""
        var waiting: String?
        var nextAt = MonotonicTime(nanoseconds: 0)
    }

    package init() { isPresent = unsafe getenv("NOTIFY_SOCKET") != nil }

    /// The daemon answers.
    package func ready() { notify("READY=1") }

    /// The daemon is about to end.
    package func stopping() { notify("STOPPING=1") }

    /// The configuration is being read again. `MONOTONIC_USEC` is what `Type=notify-reload` wants (systemd 253).
    package func reloading() { notify("RELOADING=1\nMONOTONIC_USEC=\(MonotonicTime.now.nanoseconds / 1000)") }

    /// Everything that is watched makes progress.
    package func alive() { notify("WATCHDOG=1") }

    /// The daemon ends because of this error of the system.
    package func failed(_ errno: Int32) { notify("ERRNO=\(errno)") }

    /// How often `alive` is expected; nil when no watchdog is set.
    package var watchdogInterval: Int64? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return Int64(clamping: microseconds).multipliedReportingOverflow(by: 1000).partialValue
    }

    /// Shows a line in `systemctl status`, at most one a second. A line that comes too early is shown by a later
    /// call of `showWaitingStatus`, unless a newer one takes its place.
    ///
    /// - Returns: in how many nanoseconds `showWaitingStatus` should be called; nil when the line is shown.
    package func show(_ line: String) -> Int64? {
        status.withLock { status in
            status.waiting = line == status.shown ? nil : singleLine(line)
            return sendStatus(&status)
        }
    }

    /// Shows the line that had to wait, if there is one.
    @discardableResult
    package func showWaitingStatus() -> Int64? { status.withLock { sendStatus(&$0) } }

    private func sendStatus(_ status: inout Status) -> Int64? {
        guard let line = status.waiting else { return nil }
        let now = MonotonicTime.now
        guard now >= status.nextAt else { return status.nextAt.since(now) }
        status.shown = line
        status.waiting = nil
        status.nextAt = now.advanced(nanoseconds: 1_000_000_000)
        notify("STATUS=" + line)
        return nil
    }

    private func singleLine(_ line: String) -> String { line.replacing("\n", with: " ") }

    private func notify(_ message: String) {
        guard isPresent else { return }
        // A service manager that does not listen is no reason to fail.
        _ = unsafe message.withCString { unsafe sd_notify(0, $0) }
    }
}
