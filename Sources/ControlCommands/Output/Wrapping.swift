/// The text in lines of at most `width` columns, broken at blanks; all but the first begin with `indent` blanks.
///
/// A word that is longer than a line, as a path may be, stays whole, so that it can be copied from a terminal.
func wrapped(_ text: String, to width: Int?, indent: Int) -> [String] {
    guard let width, columns(text) > width else { return [text] }
    // A margin of the whole width would leave no room.
    let margin = String(repeating: " ", count: min(indent, width / 2))
    var lines: [String] = []
    var line: String?
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        guard let begun = line else {
            line = lines.isEmpty ? String(word) : margin + word
            continue
        }
        let longer = begun + " " + word
        // Blanks before the first word are meant, as those of a list below a label.
        if columns(longer) <= width || begun.allSatisfy({ $0 == " " }) {
            line = longer
        } else {
            lines.append(String(begun.reversed().drop { $0 == " " }.reversed()))
            line = word.isEmpty ? nil : margin + word
        }
    }
    return lines + [line].compactMap(\.self)
}
