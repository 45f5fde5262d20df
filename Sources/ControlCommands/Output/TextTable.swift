/// Rows in aligned columns.
struct TextTable {
    struct Column {
        let title: String
        /// For numbers.
        var isRight = false
        /// Cut in the middle when the table is wider than the terminal.
        var isFlexible = false
    }

    /// What stands between two columns.
    private static let gap = "  "
    /// A flexible column is not made narrower than this.
    private static let narrowest = 12

    private let columns: [Column]
    private var rows: [[String]] = []
    private var widths: [Int]

    init(_ columns: [Column]) {
        self.columns = columns
        widths = columns.map { ControlCommands.columns($0.title) }
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row with one text a column; they are made safe for a terminal.
    mutating func add(_ cells: [String]) {
        let row = cells.map(displayed)
        for (index, cell) in row.enumerated() { widths[index] = max(widths[index], ControlCommands.columns(cell)) }
        rows.append(row)
    }

    /// Hands the lines, the titles first, to `write`; nothing is cut where `width` is nil.
    func write(width: Int?, _ write: (String) -> Void) {
        let widths = fitted(to: width)
        write(line(columns.map(\.title), widths))
        for row in rows { write(line(row, widths)) }
    }

    private func fitted(to width: Int?) -> [Int] {
        guard let width else { return widths }
        var widths = widths
        var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - width
        // The widest gives first, so that short cells stay whole.
        while excess > 0 {
            let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] > Self.narrowest }
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
            let next = flexible.filter { $0 != widest }.map { widths[$0] }.max() ?? Self.narrowest
            let step = min(excess, max(1, widths[widest] - max(next, Self.narrowest)))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let text = columns[index].isFlexible ? cutInTheMiddle(cell, to: widths[index]) : cell
            let padding = String(repeating: " ", count: max(0, widths[index] - ControlCommands.columns(text)))
            if index > 0 { line += Self.gap }
            line += columns[index].isRight ? padding + text : text + padding
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}
