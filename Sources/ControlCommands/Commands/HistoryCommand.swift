internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl history`.
enum HistoryCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "history", summary: "lists the last scans, the newest first",
        examples: [.init("kikod-ctl history -n 5", "What the last five scans found")],
        options: [
            OptionSpecification(
                "limit", short: "n", value: ValueSpecification("N", .integer(0...Int.max)),
                help: "At most so many; 20 without it")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.scanHistory(limit: arguments.integer("limit") ?? 20)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if answer.value.total == 0 {
            run.note("There was no scan yet.")
        } else if !answer.value.scans.isEmpty {
            run.print(scansTable(answer.value.scans, now: run.now))
        }
        return .done
    }
}

/// The table in which `history` and `scan --wait` show scans.
func scansTable(_ scans: [ScanRecord], now: Int64) -> TextTable {
    let hasVerifications = scans.contains { $0.kind == "verify" }
    let numbers =
        ["SEEN", "NEW", "CHANGED", "MOVED", "MISSING", "HASHED"] + (hasVerifications ? ["DAMAGED"] : []) + ["ERRORS"]
    var table = TextTable(
        [
            .init(title: "ID", isRight: true), .init(title: "KIND"), .init(title: "STARTED"),
            .init(title: "TOOK", isRight: true),
        ] + numbers.map { .init(title: $0, isRight: true) } + [.init(title: "ROOT", isFlexible: true)])
    for scan in scans {
        let counts =
            [
                scan.filesSeen, scan.filesAdded, scan.filesChanged, scan.filesMoved, scan.filesMissing,
                scan.filesHashed,
            ] + (hasVerifications ? [scan.filesDamaged] : []) + [scan.errors.count]
        let duration = scan.durationMilliseconds.map { durationText(milliseconds: $0) }
        table.add(
            [String(scan.id), scan.kind, ageText(scan.startedAt, now: now)]
                + [duration ?? (scan.completedAt == nil ? "running" : "-")]
                + counts.map(String.init) + [scan.root ?? "all"])
    }
    return table
}
