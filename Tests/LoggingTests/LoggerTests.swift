import Testing

@testable import Logging

@Suite struct LoggerTests {
    @Test func levelsAreOrderedAndNumberedAsInSyslog() {
        #expect(LogLevel.allCases.sorted() == [.debug, .info, .notice, .warning, .error])
        #expect(LogLevel.allCases.map(\.syslogPriority) == [7, 6, 5, 4, 3])
    }

    @Test(arguments: LogLevel.allCases)
    func recordsOfTheLevelAndAboveAreWritten(level: LogLevel) {
        let memory = MemoryHandler()
        let logger = Logger(level: level, handler: memory)
        for level in LogLevel.allCases { logger.log(level, "at \(level)") }
        #expect(memory.records.map(\.level) == LogLevel.allCases.filter { $0 >= level })
    }

    @Test func messageThatIsNotWrittenIsNotMadeEither() {
        let logger = Logger(level: .warning, handler: MemoryHandler())
        func message() -> String {
            Issue.record("was made")
            return ""
        }
        logger.debug(message())
        logger.notice(message())
        Logger.silent.warning(message())
    }

    @Test func eachMethodHasItsLevelAndPassesFieldsOn() {
        let memory = MemoryHandler()
        let logger = Logger(level: .debug, handler: memory)
        logger.debug("d", .init("n", 1))
        logger.info("i")
        logger.notice("n")
        logger.warning("w", .init("a", "x"), .init("b", true))
        logger.error("e")
        logger.log(.info, "id", event: .started, [.init("c", "y")])
        let expected = [
            LogRecord(level: .debug, message: "d", fields: [.init("n", "1")]), LogRecord(level: .info, message: "i"),
            LogRecord(level: .notice, message: "n"),
            LogRecord(level: .warning, message: "w", fields: [.init("a", "x"), .init("b", "true")]),
            LogRecord(level: .error, message: "e"),
            LogRecord(level: .info, message: "id", event: .started, fields: [.init("c", "y")]),
        ]
        #expect(memory.records == expected)
    }

    @Test func changeOfTheThresholdReachesEveryCopy() {
        let memory = MemoryHandler()
        let threshold = LogThreshold(.error)
        let logger = Logger(threshold: threshold, handler: memory)
        let copy = logger
        copy.info("unheard")
        for level in LogLevel.allCases {
            threshold.level = level
            #expect(threshold.level == level)
        }
        threshold.level = .info
        copy.info("heard")
        logger.debug("unheard")
        #expect(memory.records.map(\.message) == ["heard"])
    }
}
