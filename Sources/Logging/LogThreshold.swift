internal import Synchronization

/// The level below which nothing is logged; shared by all copies of a logger, so that a reload can change it.
package final class LogThreshold: Sendable {
    private let priority: Atomic<Int>

    package init(_ level: LogLevel) { priority = Atomic(level.syslogPriority) }

    package var level: LogLevel {
        get {
            let value = priority.load(ordering: .relaxed)
            return LogLevel.allCases.first { $0.syslogPriority == value } ?? .info
        }
        set { priority.store(newValue.syslogPriority, ordering: .relaxed) }
    }
}
