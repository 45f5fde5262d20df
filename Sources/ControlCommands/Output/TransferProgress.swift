/// One line on the terminal that tells how much of an answer has come; nothing where standard error is no terminal.
final class TransferProgress {
    private let run: CommandRun
    private let unit: ProgressLine.Content.Unit
    private let line: ErasableLine
    private var estimator = RateEstimator()

    init(run: CommandRun, unit: ProgressLine.Content.Unit) {
        self.run = run
        self.unit = unit
        line = ErasableLine(run.context)
    }

    /// Replaces the line, if that is long enough ago.
    ///
    /// - Parameter total: 0 where it is not known.
    func update(done: Int64, of total: Int64) {
        guard let width = run.context.progressWidth else { return }
        let now = run.now
        guard line.isDue(at: now) else { return }
        estimator.add(done: done, at: now)
        var content = ProgressLine.Content()
        (content.unit, content.done, content.total) = (unit, done, total)
        content.rate = estimator.bytesPerSecond
        line.show(ProgressLine.text(content, width: width), at: now)
    }

    /// Takes the line away.
    func clear() { line.clear() }
}
