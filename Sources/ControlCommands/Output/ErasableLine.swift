/// The line of a terminal on standard error in which what is said is replaced, and taken away in the end.
final class ErasableLine {
    /// Back to the first column, and the rest of the line away (ECMA-48, EL).
    private static let erased = "\r\u{1B}[K"
    /// The line is not drawn more often, in nanoseconds.
    private static let interval: Int64 = 200_000_000

    private let context: CommandContext
    private var drawnAt: Int64?

    init(_ context: CommandContext) { self.context = context }

    /// False when it was drawn just now.
    func isDue(at now: Int64) -> Bool {
        guard let drawnAt else { return true }
        return !(0..<Self.interval).contains(now - drawnAt)
    }

    /// Replaces the line.
    func show(_ text: String, at now: Int64) {
        drawnAt = now
        write(Self.erased + text)
        _ = context.errors.flush()
    }

    /// Takes the line away.
    func clear() {
        guard drawnAt != nil else { return }
        drawnAt = nil
        write(Self.erased)
        // What comes next may go to standard output, which is the same terminal.
        _ = context.errors.flush()
    }

    private func write(_ text: String) { _ = context.errors.write(Array(text.utf8)) }
}
