/// Numbers, texts and bytes.
extension PickleMachine {
    /// The longest line of the textual instructions, which are used for names and numbers.
    private static let maximumLineLength = 64 * 1024
    /// The longest number that is understood.
    private static let maximumDigits = 64
    /// 0x1950A86A20F9469CFC6C, least significant byte first (PyTorch: torch/serialization.py, `MAGIC_NUMBER`).
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let decimalMagic = Array("119547037146038801333356".utf8)

    mutating func pushLiteral(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .none: push(.none)
        case .newTrue: push(.boolean(true))
        case .newFalse: push(.boolean(false))
        case .integer1: push(.integer(Int32(try stream.next())))
        case .integer2: push(.integer(Int32(try stream.number(bytes: 2))))
        case .integer4: push(.integer(Int32(truncatingIfNeeded: try stream.number(bytes: 4))))
        case .long1: try pushLong(UInt64(try stream.next()))
        case .long4: try pushLong(try length4())
        case .integer, .long: try pushDecimal()
        case .float8:
            // The one number with its most significant byte first.
            push(memory.float(Double(bitPattern: try stream.number(bytes: 8).byteSwapped)))
        case .float:
            let text = try line()
            try spend(1)
            let number = text.count > Self.maximumDigits ? nil : Double(String(decoding: text, as: UTF8.self))
            push(number.map { memory.float($0) } ?? .unknown)

        case .string1: push(try memory.text(try stream.number(bytes: 1), from: &stream))
        case .string4: push(try memory.text(try length4(), from: &stream))
        case .unicode1: push(try memory.text(try stream.number(bytes: 1), from: &stream))
        case .unicode4: push(try memory.text(try stream.number(bytes: 4), from: &stream))
        case .unicode8: push(try memory.text(try stream.number(bytes: 8), from: &stream))
        case .unicode: push(plainText(try line()[...]))
        case .string:
            let quoted = try line()
            guard quoted.count >= 2, let quote = quoted.first, quote == quoted.last,
                quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
            else { throw Fault.broken("has a text without quotes") }
            push(plainText(quoted[1..<quoted.count - 1]))

        case .bytes1: try pushBytes(try stream.number(bytes: 1))
        case .bytes4: try pushBytes(try stream.number(bytes: 4))
        case .bytes8, .byteArray8: try pushBytes(try stream.number(bytes: 8))
        case .nextBuffer: push(.unknown)
        case .readOnlyBuffer: _ = try top()
        default: break
        }
    }

    /// Texts with escapes are not followed: nothing that matters has any, and what is not known counts as dangerous.
    private mutating func plainText(_ bytes: ArraySlice<UInt8>) -> PickleValue {
        bytes.contains(UInt8(ascii: "\\")) || bytes.count > PickleMemory.maximumTextLength
            ? .unknown : memory.text(bytes)
    }

    private mutating func pushBytes(_ count: UInt64) throws {
        try stream.skip(count)
        push(.unknown)
    }

    /// Reads a length of four bytes, which has a sign.
    private mutating func length4() throws -> UInt64 {
        let length = try stream.number(bytes: 4)
        guard length <= UInt64(Int32.max) else { throw Fault.broken("has a text of negative length") }
        return length
    }

    /// Reads a number of so many bytes in two's complement.
    private mutating func pushLong(_ count: UInt64) throws {
        guard count <= 16 else { return try pushBytes(count) }
        var bytes = try stream.bytes(Int(count))
        if bytes == Self.magic { return push(.magic) }
        // Numbers may be written longer than they need be.
        while bytes.count > 8, bytes.last == (bytes[bytes.count - 2] < 0x80 ? 0 : 0xFF) { bytes.removeLast() }
        if bytes.count <= 8 {
            let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
            let value = bytes.reversed().reduce(isNegative ? Int64(-1) : 0) { $0 << 8 | Int64($1) }
            push(memory.integer(value))
        } else {
            push(.unknown)
        }
    }

    private mutating func pushDecimal() throws {
        var digits = try line()
        if digits.last == UInt8(ascii: "L") { digits.removeLast() }
        if digits == Self.decimalMagic {
            push(.magic)
        } else if digits == Array("01".utf8) || digits == Array("00".utf8) {
            push(.boolean(digits[1] == UInt8(ascii: "1")))
        } else if digits.count > Self.maximumDigits {
            push(.unknown)
        } else {
            push(Int64(String(decoding: digits, as: UTF8.self)).map { memory.integer($0) } ?? .unknown)
        }
    }

    mutating func decimalPlace() throws -> UInt64 {
        let digits = try line()
        // Python takes more spellings of a number than anybody writes, and longer ones.
        guard digits.count <= Self.maximumDigits, let place = UInt64(String(decoding: digits, as: UTF8.self)) else {
            throw Fault.exhausted
        }
        return place
    }

    /// Reads up to the end of the line, which is left out.
    mutating func line() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let byte = try stream.next()
            if byte == UInt8(ascii: "\n") { break }
            guard bytes.count < Self.maximumLineLength else { throw Fault.exhausted }
            bytes.append(byte)
        }
        try spend(bytes.count / 16)
        return bytes
    }
}
