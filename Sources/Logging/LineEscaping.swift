extension String {
    /// The text with control characters shown as escapes: no name of a file can forge a line, or speak to a terminal.
    package var onOneLine: String {
        unicodeScalars.contains(where: isControl) ? escaped(inQuotes: false) : self
    }

    /// The text itself if it is one plain word, else in quotes, with those in it and control characters escaped.
    var asOneWord: String {
        let isPlain = !isEmpty && unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && !isControl($0) }
        return isPlain ? self : "\"" + escaped(inQuotes: true) + "\""
    }

    /// Scalar by scalar, since a character may hide a quotation mark or a newline among others.
    private func escaped(inQuotes: Bool) -> String {
        unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case "\"" where inQuotes, "\\" where inQuotes: "\\" + String(scalar)
            default: isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
            }
        }.joined()
    }
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
