/// Makes what is searched and what is searched for alike.
enum SearchText {
    /// In lower case, without accents, with one blank in place of everything that separates words:
    /// `Détail_Tweaker-XL.safetensors` becomes `detail tweaker xl safetensors`. It is the same for every form in which
    /// Unicode can write a text, and none of the signs that mean something to SQLite is left.
    static func normalized(_ text: String) -> String {
        var words = ""
        words.reserveCapacity(text.utf8.count)
        var isBetween = false
        func append(_ piece: some StringProtocol) {
            if isBetween { words.unicodeScalars.append(" ") }
            isBetween = false
            words += piece
        }
        for character in text {
            if let ascii = character.asciiValue {
                guard let letter = lowercased(ascii) else {
                    isBetween = !words.isEmpty
                    continue
                }
                append(String(Unicode.Scalar(letter)))
                continue
            }
            for folded in character.lowercased() {
                let letters = plain(folded).filter(isPartOfWord)
                if letters.isEmpty {
                    isBetween = !words.isEmpty
                } else {
                    append(String(String.UnicodeScalarView(letters)))
                }
            }
        }
        return words
    }

    /// A letter in lower case or a digit; nil for what separates words.
    private static func lowercased(_ ascii: UInt8) -> UInt8? {
        switch ascii {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): ascii | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): ascii
        default: nil
        }
    }

    /// The scalars of a character in the one form that is searched.
    private static func plain(_ character: Character) -> [Unicode.Scalar] {
        if let known = knownForms[character] { return Array(known.unicodeScalars) }
        let scalars = Array(character.unicodeScalars)
        return hangulSyllable(scalars).map { [$0] } ?? scalars
    }

    /// Characters are equal in whatever form they are written, so that one table knows them all: Latin, Greek and
    /// Cyrillic letters with marks become the letters alone, and kana, whose marks make other letters, one scalar each.
    private static let knownForms: [Character: Character] = {
        var forms: [Character: Character] = [:]
        func characters(_ range: ClosedRange<UInt32>) -> [Character] {
            range.compactMap { Unicode.Scalar($0).map { Character($0) } }
        }
        let letters = characters(0x61...0x7A) + characters(0x3B1...0x3C9) + characters(0x430...0x45F)
        let marks = (0x300...0x345).compactMap { Unicode.Scalar($0 as UInt32) }
        let composed = Set(characters(0xC0...0x24F) + characters(0x370...0x4FF) + characters(0x1E00...0x1FFF))
        // Twice: some letters have two marks.
        var bases = letters.map { (written: $0, letter: $0) }
        for _ in 0..<2 {
            var marked: [(written: Character, letter: Character)] = []
            for (written, letter) in bases {
                for mark in marks {
                    let character = String(written) + String(mark)
                    guard let known = character.first, character.count == 1, composed.contains(known),
                        forms.updateValue(letter, forKey: known) == nil
                    else { continue }
                    marked.append((known, letter))
                }
            }
            bases = marked
        }
        for kana in characters(0x3041...0x30FE) { forms[kana] = kana }
        return forms
    }()

    /// A Korean syllable that is written as its letters, as one scalar (The Unicode Standard, section 3.12).
    private static func hangulSyllable(_ letters: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard (2...3).contains(letters.count), (0x1100...0x1112).contains(letters[0].value),
            (0x1161...0x1175).contains(letters[1].value)
        else { return nil }
        var tail: UInt32 = 0
        if letters.count == 3 {
            guard (0x11A8...0x11C2).contains(letters[2].value) else { return nil }
            tail = letters[2].value - 0x11A7
        }
        return Unicode.Scalar(0xAC00 + ((letters[0].value - 0x1100) * 21 + letters[1].value - 0x1161) * 28 + tail)
    }

    /// Letters, digits and pictures, without the marks that no letter of the table has.
    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return lowercased(UInt8(scalar.value)) != nil }
        return switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .connectorPunctuation,
            .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .unassigned, .surrogate:
            false
        case .nonspacingMark: !(0x300...0x36F).contains(scalar.value)
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
