/// A record of a CSV file (RFC 4180).
///
/// RFC 4180 has no null. Here it is an empty cell without quotes and the empty text one in quotes, as in PostgreSQL's
/// COPY, so that what reads both as the same loses nothing else.
enum CSVLine {
    /// The record's bytes with its line end.
    static func bytes(_ cells: [String?]) -> [UInt8] {
        Array((cells.map(quoted).joined(separator: ",") + "\r\n").utf8)
    }

    private static func quoted(_ cell: String?) -> String {
        guard let cell else { return "" }
        let isPlain = !cell.isEmpty && cell.utf8.allSatisfy(isPlain)
        return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    /// Blanks at the ends of a cell are taken away by some readers unless it has quotes.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"")
    }
}
