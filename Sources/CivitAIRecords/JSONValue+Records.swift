internal import JSON
internal import LinuxSystem

/// What records are made of.
extension JSONValue {
    /// A number by which CivitAI knows something.
    var identifier: Int64? { integer.flatMap { $0 > 0 ? $0 : nil } }

    /// A number of things.
    var count: Int64? { integer.flatMap { $0 >= 0 ? $0 : nil } }

    /// A string that says something, without NUL, at which SQLite's texts would end.
    var text: String? { string.map(Self.cleaned).flatMap { $0.isEmpty ? nil : $0 } }

    /// Those elements of an array that say something; nil for anything but an array.
    func texts(limit: Int) -> [String]? {
        guard case .array(let elements) = self else { return nil }
        return Array(elements.lazy.compactMap(\.text).prefix(limit))
    }

    /// An object as JSON text of at most so many bytes, without NUL; nil for anything but an object.
    func objectText(limit: Int = 64 << 10) -> String? {
        guard isObject else { return nil }
        let text = JSONText.text(of: self)
        return text.utf8.count <= limit ? text : nil
    }

    /// A moment as `2025-01-01T00:00:00.000Z`.
    ///
    /// Some are sent without their zone, which is UTC, and with any number of digits of the second's fraction.
    var moment: String? {
        guard let string, string.utf8.count <= 40 else { return nil }
        return Self.nanoseconds(string).map(Timestamp.text)
    }

    /// Nanoseconds since 1970 of a moment in one of the forms that CivitAI sends.
    static func nanoseconds(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)
        guard bytes.count >= 19 else { return nil }
        var offset: Int64 = 0
        if bytes.last == UInt8(ascii: "Z") {
            bytes.removeLast()
        } else if let sign = bytes[19...].lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            guard let minutes = Self.minutes(bytes[(sign + 1)...]) else { return nil }
            offset = (bytes[sign] == UInt8(ascii: "+") ? -minutes : minutes) * 60_000_000_000
            bytes.removeSubrange(sign...)
        }
        if bytes[10] == 0x20 { bytes[10] = UInt8(ascii: "T") }
        let moment = Timestamp.nanoseconds(String(decoding: bytes, as: UTF8.self) + "Z")
        guard let (sum, overflow) = moment?.addingReportingOverflow(offset) else { return nil }
        return overflow ? nil : sum
    }

    /// Of `02`, `0200` or `02:00`.
    private static func minutes(_ zone: ArraySlice<UInt8>) -> Int64? {
        let digits = zone.filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 2 || digits.count == 4, let number = Int64(String(decoding: digits, as: UTF8.self)),
            digits.first != UInt8(ascii: "-"), digits.first != UInt8(ascii: "+")
        else { return nil }
        return digits.count == 2 ? number * 60 : number / 100 * 60 + number % 100
    }

    private static func cleaned(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(decoding: text.utf8.lazy.filter { $0 != 0 }, as: UTF8.self)
    }
}
