/// The known word that is nearest to what was written, nil when none is near.
///
/// Near is at most one edit for each three letters, and at least one: `setle` is `settle`, `x` is nothing.
func nearestWord(to word: String, among known: [String]) -> String? {
    let word = word.lowercased().replacing("-", with: "_")
    // A word far longer than any key is no slip of the finger, and the comparison is quadratic.
    guard word.utf8.count <= 64 else { return nil }
    let limit = max(1, word.utf8.count / 3)
    return known.map { (distance: editDistance(Array(word.utf8), Array($0.utf8)), word: $0) }
        .filter { $0.distance <= limit }
        .min { $0.distance < $1.distance }?.word
}

/// The number of letters to insert, remove, replace or swap with a neighbour that turns one word into another.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var best = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
