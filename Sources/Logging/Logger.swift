/// How much a message matters. Libraries log at `info` and below and throw what is worse; the pipeline says the rest.
package enum LogLevel: String, Sendable, Comparable, CaseIterable {
    case debug, info, notice, warning, error

    /// The priority of syslog(3): 7 debug … 3 error.
    package var syslogPriority: Int {
        switch self {
        case .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        }
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.syslogPriority > right.syslogPriority }
}

/// One message with its structured fields.
package struct LogRecord: Sendable, Hashable {
    /// A named value. In the journal the name is upper case behind `KIKO_`, so it has letters and `_` only.
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: some CustomStringConvertible) {
            self.name = name
            self.value = value.description
        }
    }

    package let level: LogLevel
    package let message: String
    /// The kind of event that it tells of, where people look for it.
    package let event: LogEvent?
    package let fields: [Field]

    package init(level: LogLevel, message: String, event: LogEvent? = nil, fields: [Field] = []) {
        self.level = level
        self.message = message
        self.event = event
        self.fields = fields
    }
}

/// Where records go. `write` is called from any thread and must not block for long.
package protocol LogHandler: Sendable {
    func write(_ record: LogRecord)
}

/// Writes records of a level and above to a handler.
package struct Logger: Sendable {
    private let handler: any LogHandler
    private let threshold: LogThreshold

    package init(level: LogLevel = .info, handler: any LogHandler) {
        self.init(threshold: LogThreshold(level), handler: handler)
    }

    package init(threshold: LogThreshold, handler: any LogHandler) {
        self.threshold = threshold
        self.handler = handler
    }

    /// A logger that says nothing.
    package static let silent = Logger(level: .error, handler: SilentHandler())

    /// Whether messages of this level are written.
    package func isLogged(_ level: LogLevel) -> Bool { level >= threshold.level }

    package func log(
        _ level: LogLevel, _ message: @autoclosure () -> String, event: LogEvent? = nil,
        _ fields: [LogRecord.Field] = []
    ) {
        guard isLogged(level) else { return }
        handler.write(LogRecord(level: level, message: message(), event: event, fields: fields))
    }

    package func debug(
        _ message: @autoclosure () -> String, event: LogEvent? = nil, _ fields: LogRecord.Field...
    ) {
        log(.debug, message(), event: event, fields)
    }

    package func info(
        _ message: @autoclosure () -> String, event: LogEvent? = nil, _ fields: LogRecord.Field...
    ) {
        log(.info, message(), event: event, fields)
    }

    package func notice(
        _ message: @autoclosure () -> String, event: LogEvent? = nil, _ fields: LogRecord.Field...
    ) {
        log(.notice, message(), event: event, fields)
    }

    package func warning(
        _ message: @autoclosure () -> String, event: LogEvent? = nil, _ fields: LogRecord.Field...
    ) {
        log(.warning, message(), event: event, fields)
    }

    package func error(
        _ message: @autoclosure () -> String, event: LogEvent? = nil, _ fields: LogRecord.Field...
    ) {
        log(.error, message(), event: event, fields)
    }
}

private struct SilentHandler: LogHandler {
    func write(_ record: LogRecord) {}
}
