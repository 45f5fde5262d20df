internal import APIClient
internal import IndexAPI

/// One line on the terminal that tells how much is still to be read; nothing where standard error is no terminal.
struct ProgressLine {
    let run: CommandRun

    /// Back to the first column, and the rest of the line away (ECMA-48, EL).
    private static let erased = "\r\u{1B}[K"

    /// Asks the daemon and replaces the line. What it cannot tell now it may tell the next time.
    func update() {
        guard run.context.showsProgress, let status = try? run.client.status().value else { return }
        write(Self.erased + Self.text(status))
    }

    /// Takes the line away.
    func clear() {
        if run.context.showsProgress { write(Self.erased) }
    }

    static func text(_ status: StatusAnswer) -> String {
        let done = status.hashing.current.reduce(Int64(0)) { $0.addingReportingOverflow($1.bytesDone).partialValue }
        let left = max(0, status.queue.pendingBytes.subtractingReportingOverflow(done).partialValue)
        var text = "\(sizeText(left)) to be read"
        let rate = status.hashing.bytesPerSecond
        if rate > 0 {
            text += ", \(sizeText(rate))/s"
            // A rate of less than a byte a millisecond tells no time worth showing.
            if left > 0, rate >= 1000 { text += ", \(durationText(milliseconds: left / (rate / 1000))) left" }
        }
        return text
    }

    private func write(_ text: String) { _ = run.context.errors.write(Array(text.utf8)) }
}
