/// Makes what is searched and what is searched for alike.
enum SearchText {
    /// In lower case, with one blank in place of everything that separates words: `Detail_Tweaker-XL.safetensors` becomes
    /// `detail tweaker xl safetensors`. None of the signs that mean something to SQLite is left.
    static func normalized(_ text: String) -> String {
        var words = ""
        words.reserveCapacity(text.utf8.count)
        var isBetween = false
        for scalar in text.unicodeScalars {
            guard isPartOfWord(scalar) else {
                isBetween = !words.isEmpty
                continue
            }
            if isBetween { words.unicodeScalars.append(" ") }
            isBetween = false
            if scalar.value < 0x80 {
                let isCapital = (0x41...0x5A).contains(scalar.value)
                words.unicodeScalars.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
            } else {
                words += scalar.properties.lowercaseMapping
            }
        }
        return words
    }

    /// Letters, digits, their marks and pictures.
    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        case 0..<0x80: return false
        default: break
        }
        return switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .connectorPunctuation,
            .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .unassigned, .surrogate:
            false
        default: true
        }
    }
}

/// What is searched for: terms, each of which has to be found.
package struct SearchTerms: Sendable, Hashable {
    /// The longest query, in bytes, and the most terms.
    package static let maximumLength = 1000
    package static let maximumCount = 32

    /// As `SearchText.normalized` makes them, without those that say nothing; each once.
    let terms: [String]

    /// True when there is nothing to search for.
    package var isEmpty: Bool { terms.isEmpty }

    /// Takes a query apart: words between blanks, and what stands in double quotes as one.
    package init(_ query: String) {
        var terms: [String] = []
        // Every second piece stands in quotes; the last of them may lack its end.
        for (index, piece) in query.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let words = index % 2 == 0 ? piece.split(whereSeparator: \.isWhitespace) : [piece]
            for word in words {
                let term = SearchText.normalized(String(word))
                if !term.isEmpty, !terms.contains(term) { terms.append(term) }
            }
        }
        self.terms = terms
    }

    /// True when the query is so long that it is no person's.
    package static func isTooLong(_ query: String) -> Bool {
        query.utf8.count > maximumLength || SearchTerms(query).terms.count > maximumCount
    }
}
