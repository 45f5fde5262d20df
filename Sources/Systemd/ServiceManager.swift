internal import CSystemd
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// What kikod tells systemd about itself (sd_notify(3)). Without systemd every call does nothing.
package final class ServiceManager: Sendable {
    private let isPresent: Bool
    private let shown = Mutex("")

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

    /// Starting takes longer, but gets on: the service manager is to wait for this long from now on at least.
    package func extendTimeout(seconds: Int) { notify("EXTEND_TIMEOUT_USEC=\(seconds)000000") }

    /// How often `alive` is expected; nil when no watchdog is set.
    package var watchdogInterval: Int64? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        let (nanoseconds, overflow) = Int64(clamping: microseconds).multipliedReportingOverflow(by: 1000)
        return overflow ? .max : nanoseconds
    }

    /// Shows a line in `systemctl status`. Callers keep to one line a second.
    package func show(_ line: String) {
        let isNew = shown.withLock { shown -> Bool in
            defer { shown = line }
            return shown != line
        }
        if isNew { notify("STATUS=" + singleLine(line)) }
    }

    /// A newline would begin another assignment; byte by byte, since it may be part of a character such as CR LF.
    private func singleLine(_ line: String) -> String {
        String(decoding: line.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    private func notify(_ message: String) {
        guard isPresent else { return }
        // A service manager that does not listen is no reason to fail.
        _ = unsafe message.withCString { unsafe sd_notify(0, $0) }
    }
}
