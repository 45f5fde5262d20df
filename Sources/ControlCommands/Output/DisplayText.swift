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
    switch scalar.properties.generalCategory {
    // A mark without a letter to stand on, and what only joins or parts others.
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    return isWide(scalar.value) ? 2 : 1
}

/// The blocks that Unicode's EastAsianWidth.txt lists as wide, and the pictographs.
private func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F200...0x1F265, 0x1F300...0x1F64F,
        0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
        true
    // Among signs of one column, those that are shown as pictures.
    case 0x231A...0x231B, 0x23E9...0x23EC, 0x23F0, 0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F,
        0x2693, 0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE, 0x26D4, 0x26EA, 0x26F2...0x26F3,
        0x26F5, 0x26FA, 0x26FD, 0x2705, 0x270A...0x270B, 0x2728, 0x274C, 0x274E, 0x2753...0x2755, 0x2757,
        0x2795...0x2797, 0x27B0, 0x27BF, 0x2B1B...0x2B1C, 0x2B50, 0x2B55, 0x1F004, 0x1F0CF, 0x1F18E, 0x1F191...0x1F19A:
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
