internal import APIClient
internal import IndexAPI

/// One line on the terminal that tells how far some reading is; nothing where standard error is no terminal.
final class ProgressLine {
    /// What is being read.
    enum Work {
        /// All that waits for its digests.
        case pendingFiles
        /// So many bytes, by the row of a verification.
        case verification(bytes: Int64)
    }

    /// What the line says.
    struct Content: Sendable, Equatable {
        /// What is counted.
        enum Unit: Sendable { case bytes, files }

        var unit = Unit.bytes
        var done: Int64 = 0
        var total: Int64 = 0
        /// Bytes a second; nil while it is not known.
        var rate: Int64?
        /// Why it does not go on, or not as fast as it could.
        var holdUp: String?
        var isPaused = false
        /// The file that is read, and how far that is.
        var file: String?
    }

    private static let barWidth = 20

    private let run: CommandRun
    private let work: Work
    private var estimator = RateEstimator()
    private let line: ErasableLine
    /// The bytes that the daemon had read when this began, and the most that it has read since.
    private var first: Int64?
    private var done: Int64 = 0

    init(run: CommandRun, work: Work) {
        self.run = run
        self.work = work
        line = ErasableLine(run.context)
    }

    /// Asks the daemon and replaces the line. What it cannot tell now it may tell the next time.
    ///
    /// - Parameter row: the row of the verification.
    func update(row: ScanRecord? = nil) {
        guard let width = run.context.progressWidth else { return }
        let now = run.now
        guard line.isDue(at: now), let status = try? run.client.status().value else { return }
        line.show(Self.text(content(status, row: row, now: now), width: width), at: now)
    }

    /// Takes the line away.
    func clear() { line.clear() }

    private func content(_ status: StatusAnswer, row: ScanRecord?, now: Int64) -> Content {
        let hashing = status.hashing
        var content = Content()
        switch work {
        case .pendingFiles:
            let read = hashing.bytesTotal.addingSaturated(hashing.bytesInFlight)
            // Less than before: another process has begun to count.
            if let first, read >= first { done = max(done, read - first) } else { (first, done) = (read, 0) }
            content.done = done
            content.total = done.addingSaturated(status.bytesLeft)
        case .verification(let bytes):
            // What waits for its first reading comes before any verification.
            let inFlight = status.queue.pendingBytes > 0 ? 0 : hashing.bytesInFlight
            let read = (row?.bytesHashed ?? 0).addingSaturated(inFlight)
            done = min(bytes, max(done, read))
            (content.done, content.total) = (done, bytes)
        }
        content.holdUp = holdUpText(hashing, now: now)
        content.isPaused = hashing.state == "paused"
        if content.isPaused { estimator.reset() } else { estimator.add(done: done, at: now) }
        content.rate = estimator.bytesPerSecond
        content.file = hashing.current.first.map {
            displayed(lastComponent($0.path)) + " " + percentText($0.bytesDone, of: $0.size)
        }
        return content
    }

    private func lastComponent(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    // MARK: - Text

    /// The line in less than `width` columns, so that the cursor stays in it: what matters least is left out first.
    static func text(_ content: Content, width: Int) -> String {
        let room = max(0, width - 1)
        let left = max(0, content.total - content.done)
        var parts = ["nothing to be read yet"]
        if content.total > 0 {
            let percent = percentText(content.done, of: content.total)
            parts = [
                String(repeating: " ", count: max(0, 5 - percent.count)) + percent,
                amountText(content.done, of: content.total, content.unit),
            ]
        } else if content.done > 0 {
            parts = [amountText(content.done, content.unit)]
        }
        if let holdUp = content.holdUp { parts.append(holdUp) }
        if !content.isPaused, let rate = content.rate, rate > 0 {
            parts.append(amountText(rate, content.unit) + "/s")
            // What a file takes differs too much.
            if content.unit == .bytes, let time = timeLeftText(bytes: left, bytesPerSecond: rate) { parts.append(time) }
        }
        var line = parts.joined(separator: "  ")
        if content.total > 0 {
            let bar = bar(content)
            if columns(line) + columns(bar) + 1 <= room { line = bar + " " + line }
        }
        let rest = room - columns(line) - 2
        if !content.isPaused, let file = content.file, rest >= 12 { line += "  " + cutInTheMiddle(file, to: rest) }
        return cutInTheMiddle(line, to: room)
    }

    private static func amountText(_ amount: Int64, of total: Int64? = nil, _ unit: Content.Unit) -> String {
        switch unit {
        case .bytes: sizeText(amount) + (total.map { " of " + sizeText($0) } ?? "")
        case .files: "\(amount)\(total.map { " of \($0)" } ?? "") files"
        }
    }

    private static func bar(_ content: Content) -> String {
        let share = min(1, max(0, Double(content.done) / Double(content.total)))
        let full = Int(share * Double(barWidth))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: barWidth - full) + "]"
    }
}
