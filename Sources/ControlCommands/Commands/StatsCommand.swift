internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl stats`.
enum StatsCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "stats", summary: "counts what is in the index, by type, base model and state",
        discussion: [
            "Files that are missing count only among the states. Copies waste what they take up again; links do not."
        ],
        examples: [
            .init("kikod-ctl stats", "How much there is of what"),
            .init("kikod-ctl --json stats | jq .by_type.lora", "The number of LoRAs, for a script"),
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.stats()
        guard !run.wantsJSON else {
            run.print(body: answer.body)
            return .done
        }
        let stats = answer.value
        run.print(rows: [
            ("Files", "\(stats.files) (\(sizeText(stats.bytes)))"),
            ("Contents", "\(stats.contents) different ones"),
            ("Wasted", stats.wastedBytes > 0 ? "\(sizeText(stats.wastedBytes)) by copies" : "nothing"),
            ("Last scan", lastScanText(stats.lastScan, now: run.now)),
        ])
        for (title, counts) in [
            ("TYPE", stats.byType), ("BASE MODEL", stats.byBaseModel), ("STATE", stats.byState),
            ("CIVITAI", stats.byCivitaiState),
        ] {
            // The API has every state; here only those that occur.
            let counts = counts.filter { $0.value > 0 }
            guard !counts.isEmpty else { continue }
            run.print("")
            run.print(table(title, counts))
        }
        return .done
    }

    /// The most frequent first.
    private static func table(_ title: String, _ counts: [String: Int]) -> TextTable {
        var table = TextTable([
            .init(title: title, isFlexible: true, tint: Tint.ofState), .init(title: "FILES", isRight: true),
        ])
        for (word, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            table.add([word.replacing("_", with: title == "CIVITAI" ? " " : "_"), String(count)])
        }
        return table
    }
}

/// When the newest scan was, in words.
func lastScanText(_ scan: LastScan?, now: Int64) -> String {
    guard let scan else { return "none yet" }
    guard let completed = scan.completedAt else { return "started \(ageText(scan.startedAt, now: now)), under way" }
    return ageText(completed, now: now)
}
