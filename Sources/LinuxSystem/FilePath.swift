/// A path as the kernel knows it: bytes, not necessarily UTF-8, never with a NUL byte.
package struct FilePath: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// The path with exactly these bytes; nil when empty or when a NUL byte is among them.
    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
        self.bytes = bytes
    }

    /// Bytes that a caller in this module has already found to be a path.
    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The path with the UTF-8 bytes of `text`, cut at the first NUL.
    package init(_ text: String) {
        let bytes = Array(text.utf8.prefix { $0 != 0 })
        self.bytes = bytes.isEmpty ? [UInt8(ascii: ".")] : bytes
    }

    package static let root = FilePath("/")

    package static func < (left: FilePath, right: FilePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    package var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

    /// The last component, without slashes; the whole path where there is only one component.
    package var name: [UInt8] {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes }
        return Array(bytes[(slash + 1)...])
    }

    /// The path without its last component; `/` for a path directly below it.
    package var parent: FilePath {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return FilePath(".") }
        return slash == 0 ? .root : FilePath(unchecked: Array(bytes[..<slash]))
    }

    /// This path with one more component, or several joined by slashes.
    package func appending(_ component: [UInt8]) -> FilePath {
        guard !component.isEmpty else { return self }
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + 1 + component.count)
        joined += bytes
        if joined.last != UInt8(ascii: "/") { joined.append(UInt8(ascii: "/")) }
        joined += component
        return FilePath(unchecked: joined)
    }

    package func appending(_ component: String) -> FilePath { appending(Array(component.utf8)) }

    /// What follows `ancestor` and a slash; empty when both are equal, nil when this path is not below it.
    package func relative(to ancestor: FilePath) -> [UInt8]? {
        if ancestor.bytes == [UInt8(ascii: "/")] { return isAbsolute ? Array(bytes.dropFirst()) : nil }
        guard bytes.starts(with: ancestor.bytes) else { return nil }
        if bytes.count == ancestor.bytes.count { return [] }
        guard bytes[ancestor.bytes.count] == UInt8(ascii: "/") else { return nil }
        return Array(bytes[(ancestor.bytes.count + 1)...])
    }

    /// True when this path is `ancestor` or lies below it, by its text alone.
    package func isWithin(_ ancestor: FilePath) -> Bool {
        if ancestor.bytes == [UInt8(ascii: "/")] { return isAbsolute }
        guard bytes.starts(with: ancestor.bytes) else { return false }
        return bytes.count == ancestor.bytes.count || bytes[ancestor.bytes.count] == UInt8(ascii: "/")
    }

    /// The path without `.`, repeated slashes and `..` (taken away by text, as Python's `os.path.normpath` does).
    package var normalized: FilePath {
        var parts: [ArraySlice<UInt8>] = []
        for part in bytes.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            guard part.elementsEqual("..".utf8) else {
                parts.append(part)
                continue
            }
            if let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let joined = Array(parts.joined(separator: [UInt8(ascii: "/")]))
        if isAbsolute { return FilePath(unchecked: [UInt8(ascii: "/")] + joined) }
        return joined.isEmpty ? FilePath(".") : FilePath(unchecked: joined)
    }

    /// This path if absolute, else joined to `base`; normalized by text.
    package func absolute(from base: FilePath) -> FilePath {
        (isAbsolute ? self : base.appending(bytes)).normalized
    }

    /// The path as text for people: each byte that is not UTF-8 as `\xNN`, and then a backslash as `\\`.
    package var description: String { escapedText(bytes) }

    /// True when `description` is exactly the path's bytes.
    package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }
}

/// Bytes as text: valid UTF-8 as it is; otherwise bad bytes as `\xNN` and backslashes doubled, so that it can be undone.
package func escapedText(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
        let length = utf8SequenceLength(first)
        if length > 0, rest.count >= length, let part = String(validating: rest.prefix(length), as: UTF8.self) {
            text += part == "\\" ? "\\\\" : part
            rest = rest.dropFirst(length)
        } else {
            text += "\\x" + hexadecimal([first])
            rest = rest.dropFirst()
        }
    }
    return text
}

/// The bytes that `escapedText` showed as `text`; nil when no bytes that are not UTF-8 are shown in it.
package func unescapedBytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\\") else {
            bytes.append(byte)
            continue
        }
        switch rest.popFirst() {
        case UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "x"):
            let digits = rest.prefix(2)
            // The conversion would take a sign.
            guard digits.count == 2, !"+-".utf8.contains(digits[digits.startIndex]),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        default: return nil
        }
    }
    return String(validating: bytes, as: UTF8.self) == nil ? bytes : nil
}

/// Lower-case hexadecimal digits, two a byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The length that a UTF-8 sequence has by its first byte; 0 for a byte that starts none.
private func utf8SequenceLength(_ first: UInt8) -> Int {
    switch first {
    case 0..<0x80: 1
    case 0xC2..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF5: 4
    default: 0
    }
}
