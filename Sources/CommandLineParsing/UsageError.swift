/// A command line that was not understood.
package struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as a sentence.
    package let message: String
    /// The command whose help tells more, as it is typed.
    package let command: String

    package init(_ message: String, command: String) {
        self.message = message
        self.command = command
    }

    /// The message and where to find help, on two lines without a line end.
    package var description: String { "\(message)\nTry '\(command) --help'." }
}

/// `; did you mean 'X'?` for the word that is nearest, or nothing when none is near.
func suggestion(for word: String, among words: [String]) -> String {
    let distances = words.map { ($0, editDistance(word, $0)) }
    guard let (nearest, distance) = distances.min(by: { $0.1 < $1.1 }), distance <= max(1, nearest.count / 3) else {
        return ""
    }
    return "; did you mean '\(nearest)'?"
}

/// The number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left), right = Array(right)
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
        var current = [row]
        for column in 1...right.count {
            let same = left[row - 1] == right[column - 1]
            var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                best = min(best, beforeLast[column - 2] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
