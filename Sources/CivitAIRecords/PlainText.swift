/// HTML as people wrote it in an editor, made plain text: a line for each paragraph, item or line break, entities
/// decoded, without scripts and styles.
///
/// One pass over the bytes; whatever is no HTML is text. Not for showing in a browser: what was escaped is not any more.
package struct PlainText {
    /// Of longer HTML only so much is looked at, in bytes.
    package static let limit = 1 << 20

    /// Elements that begin and end a line.
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
        "nav",
        "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    ]
    /// Elements whose content is not for reading.
    private static let unread: Set<String> = ["script", "style", "template", "noscript", "iframe", "svg", "title"]

    private let html: [UInt8]
    private var position = 0
    private var text: [UInt8] = []
    /// A space is owed before the next word.
    private var isSpaced = false
    /// The numbers of the next items of the lists around; nil for lists without numbers.
    private var lists: [Int?] = []
    private var verbatimDepth = 0

    /// The text of some HTML.
    package static func of(_ html: String) -> String {
        var converter = PlainText(html: Array(html.utf8.prefix(limit)))
        converter.convert()
        return String(decoding: converter.text, as: UTF8.self)
    }

    private init(html: [UInt8]) { self.html = html }

    private mutating func convert() {
        while position < html.count {
            switch html[position] {
            case UInt8(ascii: "<") where isMarkup: readMarkup()
            case UInt8(ascii: "&"): readEntity()
            case let byte:
                append(byte)
                position += 1
            }
        }
        while let last = text.last, Self.isSpace(last) { text.removeLast() }
    }

    // MARK: - Text

    private mutating func append(_ byte: UInt8) {
        if Self.isSpace(byte), verbatimDepth == 0 {
            isSpaced = true
        } else if byte == UInt8(ascii: "\n") {
            breakLine()
        } else if byte != UInt8(ascii: "\r") {
            if isSpaced, let last = text.last, !Self.isSpace(last) { text.append(UInt8(ascii: " ")) }
            isSpaced = false
            text.append(byte)
        }
    }

    private mutating func append(_ words: String) { for byte in words.utf8 { append(byte) } }

    /// Ends the line; one empty line may follow another text, never two.
    private mutating func breakLine() {
        isSpaced = false
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        // Not by a slice of the text, which would have it copied by the next change.
        let (end, lineEnd) = (text.count, UInt8(ascii: "\n"))
        guard end > 0, end < 2 || text[end - 1] != lineEnd || text[end - 2] != lineEnd else { return }
        text.append(lineEnd)
    }

    private mutating func beginBlock() {
        isSpaced = false
        // The text of an item begins behind its mark.
        if let last = text.last, last != UInt8(ascii: "\n"), !isAtItem { breakLine() }
    }

    /// Whether the mark of a list's item was written and nothing behind it.
    private var isAtItem: Bool { text.count == itemEnd }
    private var itemEnd = -1

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    // MARK: - Tags

    /// Whether a tag or a comment begins here: a sign that stands alone is text.
    private var isMarkup: Bool {
        guard position + 1 < html.count else { return false }
        let next = html[position + 1]
        return Self.isLetter(next) || next == UInt8(ascii: "/") || next == UInt8(ascii: "!")
            || next == UInt8(ascii: "?")
    }

    private mutating func readMarkup() {
        if html[position...].starts(with: "<!--".utf8) {
            position = end(of: "-->", from: position + 4)
            return
        }
        var name: [UInt8] = []
        position += 1
        let isEnd = html[position] == UInt8(ascii: "/")
        if isEnd { position += 1 }
        while position < html.count, Self.isLetter(html[position]) || Self.isDigit(html[position]), name.count < 16 {
            name.append(html[position] | 0x20)
            position += 1
        }
        skipToEndOfTag()
        // Digits have that bit already.
        let element = String(decoding: name, as: UTF8.self)
        if isEnd { close(element) } else { open(element) }
    }

    /// Behind the sign that closes a tag; one in quotes does not.
    private mutating func skipToEndOfTag() {
        var quote: UInt8?
        while position < html.count {
            let byte = html[position]
            position += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return
            }
        }
    }

    private mutating func open(_ element: String) {
        if Self.unread.contains(element) {
            position = end(of: "</" + element, from: position)
            return skipToEndOfTag()
        }
        switch element {
        case "br": breakLine()
        case "li":
            beginBlock()
            if isAtItem { breakLine() }
            writeItemMark()
        case "td", "th": isSpaced = true
        default:
            guard Self.blocks.contains(element) else { return }
            beginBlock()
            if element == "ul" || element == "ol" { lists.append(element == "ol" ? 1 : nil) }
            if element == "pre" { verbatimDepth += 1 }
        }
    }

    private mutating func close(_ element: String) {
        guard Self.blocks.contains(element) else { return }
        beginBlock()
        if element == "ul" || element == "ol" { _ = lists.popLast() }
        if element == "pre" { verbatimDepth = max(0, verbatimDepth - 1) }
    }

    private mutating func writeItemMark() {
        text += [UInt8](repeating: UInt8(ascii: " "), count: 2 * min(8, max(0, lists.count - 1)))
        if let number = lists.last ?? nil {
            text += Array("\(number). ".utf8)
            lists[lists.count - 1] = number + 1
        } else {
            text += Array("- ".utf8)
        }
        itemEnd = text.count
    }

    /// Where a text in lower case ends, in whatever case it is found; the end of everything where it is not found.
    private func end(of mark: String, from start: Int) -> Int {
        let mark = Array(mark.utf8)
        var index = start
        while index + mark.count <= html.count {
            let isHere = mark.indices.allSatisfy { offset in
                let byte = html[index + offset]
                return (Self.isLetter(byte) ? byte | 0x20 : byte) == mark[offset]
            }
            if isHere { return index + mark.count }
            index += 1
        }
        return html.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    // MARK: - Entities

    private mutating func readEntity() {
        var end = position + 1
        while end < html.count, end - position <= 10,
            Self.isLetter(html[end]) || Self.isDigit(html[end]) || html[end] == UInt8(ascii: "#")
        {
            end += 1
        }
        let name = String(decoding: html[(position + 1)..<end], as: UTF8.self)
        guard end < html.count, html[end] == UInt8(ascii: ";"), let meaning = HTMLEntity.text(of: name) else {
            append(html[position])
            position += 1
            return
        }
        append(meaning)
        position = end + 1
    }
}
