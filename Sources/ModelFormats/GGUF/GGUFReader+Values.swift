internal import JSON

/// Key-values.
extension GGUFReader {
    /// Arrays are kept up to so many bytes of JSON: those of a tokenizer have megabytes, and nobody reads them.
    private static let maximumArrayText = 4096
    private static let maximumDepth = 4
    /// Longer keys than any that means something; with such a key, its value is left out.
    private static let maximumKeyLength = 1024

    /// An array as JSON.
    private struct ArrayText {
        var bytes: [UInt8] = []
        /// False when there was too much of it.
        var isKept: Bool
    }

    /// Reads a key and its value, and keeps them if they may be kept.
    mutating func readKeyValue() throws {
        let key = try readString(limit: Self.maximumKeyLength)
        if let key { noteUnlessUTF8(key, "the name of the key", key) }
        switch try readType() {
        case .string:
            let text = try readString(limit: key == nil ? 0 : metadata.remaining)
            if let key, let text {
                noteUnlessUTF8(text, "the value of", key)
                facts.take(key, text: text)
            }
            metadata.add(key: key, value: text)
        case .array:
            var text = ArrayText(isKept: key != nil && arrayBudget > 0)
            try readArray(into: &text, depth: 1)
            arrayBudget -= text.bytes.count
            if let key, text.isKept { facts.take(key, array: text.bytes) }
            metadata.add(key: key, value: text.isKept ? text.bytes : nil)
        case let type:
            var text: [UInt8] = []
            if let number = try readNumber(type, into: &text), let key { facts.take(key, number: number) }
            metadata.add(key: key, value: text)
        }
    }

    private mutating func readType() throws -> GGUFValueType {
        let number: UInt32 = try stream.number()
        guard let type = GGUFValueType(rawValue: number) else {
            throw ModelFormatError.invalid("a value has the type \(number), which is not known")
        }
        return type
    }

    /// nil for one that is longer than `limit`, or than what may still be read of text.
    private mutating func readString(limit: Int) throws -> [UInt8]? {
        let length = try readLength()
        guard length <= UInt64(max(0, min(limit, textBudget))) else {
            try stream.skip(length)
            return nil
        }
        textBudget -= Int(length)
        var text: [UInt8] = []
        try stream.take(Int(length), into: &text)
        return text
    }

    // MARK: - Arrays

    /// Reads an array, and appends it to `text` as long as that is kept.
    private mutating func readArray(into text: inout ArrayText, depth: Int) throws {
        guard depth <= Self.maximumDepth else {
            throw ModelFormatError.invalid("an array lies deeper than \(Self.maximumDepth) levels")
        }
        let type = try readType()
        let count = try readLength()
        // What an element takes at least: more of them than the file has room for are refused before the first is read.
        let size = type.size ?? (type == .array ? 4 + lengthSize : lengthSize)
        let (total, overflow) = count.multipliedReportingOverflow(by: size)
        try stream.check(overflow ? .max : total)
        if count > UInt64(Self.maximumArrayText / 2) { text.isKept = false }

        if text.isKept { text.bytes.append(UInt8(ascii: "[")) }
        var index: UInt64 = 0
        while index < count {
            if let size = type.size, !text.isKept { return try stream.skip((count - index) * size) }
            if index > 0, text.isKept { text.bytes.append(UInt8(ascii: ",")) }
            try readElement(type, into: &text, depth: depth)
            if text.bytes.count >= Self.maximumArrayText { text.isKept = false }
            index += 1
        }
        if text.isKept { text.bytes.append(UInt8(ascii: "]")) }
    }

    private mutating func readElement(_ type: GGUFValueType, into text: inout ArrayText, depth: Int) throws {
        switch type {
        case .array: try readArray(into: &text, depth: depth + 1)
        case .string:
            guard text.isKept, let string = try readString(limit: Self.maximumArrayText) else {
                if !text.isKept { try stream.skip(try readLength()) }
                text.isKept = false
                return
            }
            JSONText.append(string, to: &text.bytes)
        default: _ = try readNumber(type, into: &text.bytes)
        }
    }

    // MARK: - JSON

    /// Appends a number or truth value as JSON; returns it when it is an unsigned number.
    private mutating func readNumber(_ type: GGUFValueType, into text: inout [UInt8]) throws -> UInt64? {
        switch type {
        case .uint8: return try readInteger(UInt8.self, into: &text)
        case .int8: return try readInteger(Int8.self, into: &text)
        case .uint16: return try readInteger(UInt16.self, into: &text)
        case .int16: return try readInteger(Int16.self, into: &text)
        case .uint32: return try readInteger(UInt32.self, into: &text)
        case .int32: return try readInteger(Int32.self, into: &text)
        case .uint64: return try readInteger(UInt64.self, into: &text)
        case .int64: return try readInteger(Int64.self, into: &text)
        case .float32:
            let number = Float(bitPattern: try stream.number())
            // JSON has no word for the others.
            text += (number.isFinite ? number.description : "null").utf8
        case .float64:
            let number = Double(bitPattern: try stream.number())
            text += (number.isFinite ? number.description : "null").utf8
        case .bool: text += (try stream.number(UInt8.self) == 0 ? "false" : "true").utf8
        case .string, .array: break
        }
        return nil
    }

    private mutating func readInteger<Number: FixedWidthInteger>(
        _: Number.Type, into text: inout [UInt8]
    ) throws -> UInt64? {
        let number: Number = try stream.number()
        text += String(number).utf8
        return UInt64(exactly: number)
    }
}
