internal import APIClient
internal import IndexAPI

/// Between two looks at the scan history, in milliseconds.
private let pollInterval = 250
/// Rows of the history that are looked through at least, as other scans may start meanwhile.
private let historyRows = 200

/// The rows of these scans or verifications as soon as every one is complete, in the order of the ids; a terminal sees
/// how far that is.
func waitForScans(_ ids: [Int64], _ work: ProgressLine.Work, _ run: CommandRun) throws -> [ScanRecord] {
    var rows: [Int64: ScanRecord] = [:]
    let progress = ProgressLine(run: run, work: work)
    defer { progress.clear() }
    var hasLookedForPause = false
    while true {
        let history = try run.client.scanHistory(limit: max(historyRows, ids.count * 2)).value.scans
        for scan in history where ids.contains(scan.id) { rows[scan.id] = scan }
        let known = Set(history.map(\.id))
        let running = ids.filter { rows[$0]?.completedAt == nil }
        if running.isEmpty { return ids.compactMap { rows[$0] } }
        guard running.allSatisfy(known.contains) else {
            throw CommandFailure(message: "The scan is no longer in the history; kikod-ctl history shows the rest.")
        }
        if run.context.progressWidth != nil {
            progress.update(row: running.first.flatMap { rows[$0] })
        } else if !hasLookedForPause {
            // Nobody sees a line that says so.
            hasLookedForPause = true
            if let hashing = try? run.client.status().value.hashing, hashing.state == "paused" {
                run.note("Waiting: hashing is " + (holdUpText(hashing, now: run.now) ?? "paused") + ".")
            }
        }
        run.context.sleep(pollInterval)
    }
}
