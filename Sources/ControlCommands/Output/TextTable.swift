/// Rows in aligned columns, or below each other where a terminal is too narrow for that.
struct TextTable {
    struct Column {
        let title: String
        /// For numbers.
        var isRight = false
        /// Cut in the middle when the table is wider than the terminal.
        var isFlexible = false
        /// The tint of a cell with this text.
        var tint: (String) -> Tint? = { $0 == "-" ? .secondary : nil }
    }

    /// How a table is written.
    struct Style {
        /// Columns of the terminal; nothing is cut where it is nil.
        var width: Int?
        var hasColour = false
    }

    /// What stands between two columns.
    private static let gap = "  "
    /// A flexible column is not made narrower than this, or, where that is not enough, than the second.
    private static let narrowest = [12, 8]

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

    /// Hands the lines, the titles first, to `write`.
    ///
    /// A table that is too wide is made to fit: flexible columns are cut in the middle, then columns that say nothing
    /// in any row are left out, then flexible ones become narrower still. What does not fit then either is written as
    /// a block for each row, with a line a cell.
    func write(_ style: Style, _ write: (String) -> Void) {
        let every = Array(columns.indices)
        let telling = every.filter { index in !rows.allSatisfy { ["", "-", "0"].contains($0[index]) } }
        for (shown, narrowest) in [
            (every, Self.narrowest[0]), (telling, Self.narrowest[0]), (telling, Self.narrowest[1]),
        ] {
            guard let widths = fitted(shown, to: style.width, narrowest) else { continue }
            let titles = line(columns.map(\.title), shown, widths) { _, title in style.tint(title, .secondary) }
            write(titles)
            for row in rows {
                write(line(row, shown, widths) { index, cell in style.tint(cell, columns[index].tint(row[index])) })
            }
            return
        }
        writeBlocks(style, write)
    }

    /// The widths of these columns; nil when they do not fit.
    private func fitted(_ shown: [Int], to width: Int?, _ narrowest: Int) -> [Int]? {
        guard let width else { return widths }
        var widths = widths
        var excess = shown.reduce(0) { $0 + widths[$1] } + Self.gap.count * (shown.count - 1) - width
        // The widest gives first, so that short cells stay whole.
        while excess > 0 {
            let flexible = shown.filter { columns[$0].isFlexible && widths[$0] > narrowest }
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { return nil }
            let next = flexible.filter { $0 != widest }.map { widths[$0] }.max() ?? narrowest
            let step = min(excess, max(1, widths[widest] - max(next, narrowest)))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }

    private func line(
        _ cells: [String], _ shown: [Int], _ widths: [Int], _ tinted: (_ column: Int, _ text: String) -> String
    ) -> String {
        var line = ""
        // Blanks that nothing follows are not written.
        var blanks = 0
        for index in shown {
            let cell = cells[index]
            let text = columns[index].isFlexible ? cutInTheMiddle(cell, to: widths[index]) : cell
            let padding = max(0, widths[index] - ControlCommands.columns(text))
            if index != shown.first { blanks += Self.gap.count }
            if columns[index].isRight { blanks += padding }
            if !text.isEmpty {
                line += String(repeating: " ", count: blanks) + tinted(index, text)
                blanks = 0
            }
            if !columns[index].isRight { blanks += padding }
        }
        return line
    }

    /// A line for each cell that says something, behind its title, and an empty one between rows.
    private func writeBlocks(_ style: Style, _ write: (String) -> Void) {
        let label = columns.map { ControlCommands.columns($0.title) }.max() ?? 0
        let room = style.width.map { max(1, $0 - label - Self.gap.count) } ?? .max
        for (number, row) in rows.enumerated() {
            if number > 0 { write("") }
            for index in columns.indices where !["", "-"].contains(row[index]) {
                let title = columns[index].title
                let padding = String(repeating: " ", count: label - ControlCommands.columns(title)) + Self.gap
                let text = cutInTheMiddle(row[index], to: room)
                write(style.tint(title, .secondary) + padding + style.tint(text, columns[index].tint(row[index])))
            }
        }
    }
}

extension TextTable.Style {
    /// The text in a tint where there are colours.
    fileprivate func tint(_ text: String, _ tint: Tint?) -> String {
        guard let tint, hasColour else { return text }
        return tint.around(text)
    }
}
