internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl status`.
enum StatusCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "status", summary: "shows what the daemon knows and does",
        examples: [
            .init("kikod-ctl status --watch", "How far the first index is"),
            .init("kikod-ctl --json status | jq -r .state", "ready, or what else it is, for a script"),
        ],
        options: [OptionSpecification("watch", help: "Show it again every second until the command is interrupted")])

    /// The screen empty and the cursor at its top (ECMA-48, CUP and ED).
    private static let emptyScreen = "\u{1B}[H\u{1B}[J"

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        var estimator = RateEstimator()
        try show(run, &estimator)
        guard arguments.flag("watch") else { return .done }
        // Ends when nobody reads any more, too.
        while run.context.output.write([]) {
            run.context.sleep(1000)
            try show(run, &estimator, again: true)
        }
        return .done
    }

    private static func show(_ run: CommandRun, _ estimator: inout RateEstimator, again: Bool = false) throws {
        let answer = try run.client.status()
        let now = run.now
        let rate = rate(answer.value.hashing, &estimator, now: now)
        if again, !run.wantsJSON {
            _ = run.context.output.write(Array((run.context.width == nil ? "\n" : emptyScreen).utf8))
        }
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            for (index, line) in lines(answer.value, rate: rate, now: now).enumerated() {
                run.print(sentence: line, indent: 11, state: index == 0 ? answer.value.state : nil)
            }
            if !answer.value.roots.isEmpty {
                run.print("")
                run.print(rootsTable(answer.value.roots))
            }
            for root in answer.value.roots {
                if let message = root.message { run.print(sentence: "\(root.path): \(message)") }
            }
        }
    }

    /// Bytes a second: over half a minute where this has watched for long enough, else as the daemon tells it.
    private static func rate(_ hashing: HashingStatus, _ estimator: inout RateEstimator, now: Int64) -> Int64 {
        guard hashing.state == "running" || hashing.state == "backing_off" else {
            estimator.reset()
            return 0
        }
        estimator.add(
            done: hashing.bytesTotal.addingSaturated(hashing.bytesInFlight), at: now)
        return estimator.bytesPerSecond ?? hashing.bytesPerSecond
    }

    private static func lines(_ status: StatusAnswer, rate: Int64, now: Int64) -> [String] {
        let uptime = durationText(milliseconds: Int64(exactly: (status.uptimeSeconds * 1000).rounded()) ?? 0)
        let files = status.files
        var lines = [
            "kikod \(displayed(status.version)) is \(explained(state: status.state)); up \(uptime), process \(status.pid)",
            "",
            label("Files") + "\(files.total) (\(sizeText(files.bytes))): \(files.indexed) indexed, "
                + "\(files.pending) pending, \(files.hashing) being read, \(files.error) with errors; "
                + "\(files.missing) missing",
            label("Hashing") + hashing(status, rate: rate, now: now),
        ]
        // What is always so here is of interest only while something is read.
        if let message = status.hashing.message,
            ["running", "backing_off"].contains(status.hashing.state) || status.state == "degraded"
        {
            lines.append(label("") + displayed(message))
        }
        for file in status.hashing.current {
            lines.append(
                label("")
                    + displayed("\(percentText(file.bytesDone, of: file.size)) of \(sizeText(file.size))  \(file.path)")
            )
        }
        lines.append(
            label("Queue")
                + "\(status.queue.depth) of at most \(status.queue.capacity) in memory, "
                + "\(sizeText(status.queue.pendingBytes)) to be read")
        lines.append(label("CivitAI") + displayed(civitaiText(status.civitai, now: now)))
        lines.append(
            label("Database")
                + displayed(
                    "\(status.database.path) (\(sizeText(status.database.bytes)), schema \(status.database.schemaVersion))"
                ))
        lines.append(label("Last scan") + displayed(lastScanText(status.lastScan, now: now)))
        // Before it has started, the daemon does not know them.
        if status.roots.isEmpty, status.state != "starting" {
            lines.append(label("Roots") + "none; add one to the configuration or with --root")
        }
        return lines
    }

    private static func label(_ text: String) -> String {
        text + String(repeating: " ", count: max(1, 11 - text.count))
    }

    private static func explained(state: String) -> String {
        switch state {
        case "scanning": "scanning: it answers from what it knew while it compares the roots with the index"
        case "degraded": "degraded: it works, but something needs a look"
        default: displayed(state)
        }
    }

    private static func hashing(_ status: StatusAnswer, rate: Int64, now: Int64) -> String {
        let hashing = status.hashing
        var text = holdUpText(hashing, now: now) ?? hashing.state
        if rate > 0 {
            text += ", \(sizeText(rate))/s"
            if let left = timeLeftText(bytes: status.bytesLeft, bytesPerSecond: rate) { text += ", \(left)" }
        }
        text += "; \(countText(hashing.filesTotal, "file", "files")), \(sizeText(hashing.bytesTotal)) since the start, "
        text += countText(hashing.workers, "worker", "workers")
        return displayed(text)
    }
}
