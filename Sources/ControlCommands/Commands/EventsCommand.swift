internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl events`.
enum EventsCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "events", summary: "shows what happens to the files, as it happens",
        discussion: [
            "It goes on until it is interrupted or the daemon ends. With --json each line is an object, which has the "
                + "file or the scan as it is at that moment."
        ],
        examples: [
            .init("kikod-ctl events", "A line for each event: time, kind, path and, for a moved file, the old path"),
            .init("kikod-ctl --json events | jq -r 'select(.event == \"file.indexed\").path'", "For a program"),
        ])

    /// The longest word of the API.
    private static let kindWidth = Vocabulary.events.map(\.count).max() ?? 0

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        var isRead = true
        var last: String?
        try run.client.eachEvent { event in
            if run.wantsJSON { run.print(body: event.body) } else { run.print(sentence: line(event.value), indent: 4) }
            last = event.value.event
            isRead = run.context.output.flush()
            return isRead
        }
        guard isRead else { return .done }
        let isTooSlow = last == Vocabulary.eventsLost
        throw CommandFailure(
            message: isTooSlow
                ? "The daemon waits for no reader, and these events were read too slowly."
                : "The daemon has ended the stream of events.",
            code: .unreachable)
    }

    static func line(_ event: EventObject) -> String {
        let padding = String(repeating: " ", count: max(0, kindWidth - event.event.count))
        var text = "\(localTimeText(event.at))  \(event.event)\(padding)"
        if let path = event.path ?? event.scan.map({ $0.root ?? "all roots" }) { text += "  \(path)" }
        if let oldPath = event.oldPath { text += "  was \(oldPath)" }
        if let message = event.message { text += "  (\(message))" }
        return text
    }
}
