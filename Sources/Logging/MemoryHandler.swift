internal import Synchronization

/// Keeps records for tests.
package final class MemoryHandler: LogHandler {
    private let stored = Mutex<[LogRecord]>([])

    package init() {}

    package func write(_ record: LogRecord) { stored.withLock { $0.append(record) } }

    package var records: [LogRecord] { stored.withLock { $0 } }
}
