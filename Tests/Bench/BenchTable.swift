/// Values of one quantity, measured several times.
struct Samples {
    private var values: [Double]
    private let unit: String

    init(_ unit: String, _ values: [Double] = []) {
        self.unit = unit
        self.values = values
    }

    mutating func add(_ value: Double) { values.append(value) }

    var median: Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Median, smallest and largest value.
    var text: String {
        guard let least = values.min(), let most = values.max() else { return "-" }
        return "\(shown(median)) (\(shown(least))–\(shown(most))) \(unit)"
    }
}

/// A line of the table.
struct BenchRow {
    let what: String
    let kikod: String
    let reference: String
    let ratio: String
    let goal: String

    init(_ what: String, _ samples: Samples, against reference: (name: String, Samples)? = nil, goal: String) {
        self.init(
            what, text: samples.text, reference: reference.map { "\($0.name) \($0.1.text)" } ?? "-",
            ratio: reference.map { shown(samples.median / max($0.1.median, 1e-9)) + " ×" } ?? "-", goal: goal)
    }

    init(_ what: String, text: String, reference: String = "-", ratio: String = "-", goal: String) {
        self.what = what
        kikod = text
        self.reference = reference
        self.ratio = ratio
        self.goal = goal
    }
}

/// The rows as plain text.
struct BenchTable {
    var rows: [BenchRow] = []

    var text: String {
        let head = [["what", "kikod", "reference", "ratio", "goal"]]
        let cells = head + rows.map { [$0.what, $0.kikod, $0.reference, $0.ratio, $0.goal] }
        let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { line in
            var text = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
                separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }.joined(separator: "\n")
    }
}

/// A number with three significant digits.
func shown(_ value: Double) -> String {
    let decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
    let factor = [1.0, 10, 100][decimals]
    let scaled = Int((value * factor).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = "\(scaled % Int(factor))"
    return "\(scaled / Int(factor))." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
