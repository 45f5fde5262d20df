/// Text made safe for a terminal and for a table: what could move the cursor, start an escape sequence or turn the
/// direction of writing is shown by its number.
func displayed(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        if !isUnsafe(scalar) {
            shown.unicodeScalars.append(scalar)
        } else if scalar == "\n" {
            shown += "\\n"
        } else if scalar == "\t" {
            shown += "\\t"
        } else {
            let digits = String(scalar.value, radix: 16)
            shown += scalar.value < 0x80 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
        }
    }
    return shown
}

/// Control characters, line and paragraph separators, and the marks that change the direction of text.
private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
}

/// How many columns a terminal uses for the text.
func columns(_ text: String) -> Int { text.reduce(0) { $0 + columns($1) } }

private func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.value < 0x300 { return 1 }
    // A mark without a letter to stand on.
    if scalar.properties.generalCategory == .nonspacingMark || scalar.properties.generalCategory == .enclosingMark {
        return 0
    }
    return isWide(scalar.value) ? 2 : 1
}

/// The blocks that Unicode's EastAsianWidth.txt lists as wide, and the pictographs.
private func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        true
    default: false
    }
}

/// The text in at most `width` columns, with `…` in place of its middle.
func cutInTheMiddle(_ text: String, to width: Int) -> String {
    guard width > 0 else { return "" }
    guard columns(text) > width else { return text }
    let head = (width - 1) / 2
    let start = prefix(of: text, head)
    let end = String(prefix(of: String(text.reversed()), width - 1 - columns(start)).reversed())
    return start + "…" + end
}

private func prefix(of text: String, _ width: Int) -> String {
    var used = 0
    return String(
        text.prefix { character in
            used += columns(character)
            return used <= width
        })
}
