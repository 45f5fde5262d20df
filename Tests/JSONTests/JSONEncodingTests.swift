import FoundationEssentials
import TestSupport
import Testing

@testable import JSON

/// `JSONEncoder` is what the bytes are compared with.
@Suite struct JSONEncodingTests {
    private func expected(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func written(_ value: some Encodable) throws -> String {
        String(decoding: try JSONText.bytes(of: value), as: UTF8.self)
    }

    @Test func randomValuesAreWrittenAsByJSONEncoder() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let sample = Sample.random(depth: 4, &generator)
            try #require(try written([sample]) == expected([sample]), "seed \(seed)")
        }
    }

    @Test(arguments: 0..<0x80)
    func everyCharacterOfASCIIIsEscapedWhereItHasToBe(_ code: Int) throws {
        let text = "a\(Character(UnicodeScalar(UInt8(code))))z"
        #expect(try written(text) == expected(text))
        #expect(try written([text: text]) == expected([text: text]))
    }

    @Test(arguments: ["", "\u{2028}\u{2029}", "😀\u{10FFFF}", "e\u{301}é", "\u{0}", "</script>", "\"\"\\\\\n\n"])
    func textsAreWhole(_ text: String) throws {
        #expect(try written(text) == expected(text))
        #expect(try JSONDecoder().decode(String.self, from: Data(JSONText.bytes(of: text))) == text)
    }

    @Test func numbersAreExact() throws {
        let doubles = [
            0, -0.0, 1, 0.1, -2.5, 1e15, 1e16, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
            .leastNormalMagnitude, 1 / 3,
        ]
        #expect(try written(doubles) == expected(doubles))
        let floats: [Float] = [0.1, 16_777_216, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        #expect(try written(floats) == expected(floats))
        #expect(try written([Int64.min, .max]) == "[-9223372036854775808,9223372036854775807]")
        #expect(try written([UInt64.max]) == "[18446744073709551615]")
        #expect(try written([Int8.min]) == "[-128]")
    }

    @Test func keysAreInTheOrderOfTheirBytes() throws {
        let keys = [
            "b", "a", "", "ab", "a\"", "a ", "a!", "A", "é", "e\u{302}", "😀", "\u{FFFF}", "aaaaaaaab", "aaaaaaaaa",
        ]
        let object = Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) })
        #expect(try written(object) == expected(object))
        #expect(try written([3: "c", 10: "j"]) == #"{"10":"j","3":"c"}"#)
    }

    @Test func theLastOfSeveralMembersStays() throws {
        #expect(try written(Repeated()) == #"{"a":3,"b":2}"#)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNoNumberIsRefusedWithItsPlace(_ number: Double) throws {
        let error = #expect(throws: EncodingError.self) { try JSONText.bytes(of: ["list": [[], [1, number]]]) }
        guard case .invalidValue(_, let context) = error else { return }
        #expect(context.codingPath.map(\.stringValue) == ["list", "Index 1", "Index 1"])
        #expect(throws: EncodingError.self) { try JSONText.bytes(of: Float(number)) }
    }

    @Test func aTextWithoutAValueIsNone() {
        #expect(throws: EncodingError.self) { try JSONText.bytes(of: Sample.empty) }
    }

    @Test func whatTheValueThrowsIsThrown() {
        #expect(throws: CancellationError.self) { try JSONText.bytes(of: [Failing()]) }
    }

    @Test(arguments: [Misuse.outOfOrder, .twice, .twoKinds])
    func whatCannotBeInOneBufferIsRefused(_ misuse: Misuse) {
        #expect(throws: EncodingError.self) { try JSONText.bytes(of: Misusing(misuse: misuse)) }
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// A value that is written in every way that `Encoder` has.
private indirect enum Sample: Encodable {
    case empty
    case nothing
    case bool(Bool)
    case signed(Int64)
    case unsigned(UInt64)
    case small(Int8)
    case double(Double)
    case float(Float)
    case text(String)
    case array([Sample])
    case object([String: Sample])
    case nested([String: Sample], [Sample])
    case inherited(Sample, [Sample])

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .empty: break
        case .nothing:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .signed(let value): try value.encode(to: encoder)
        case .unsigned(let value): try value.encode(to: encoder)
        case .small(let value): try value.encode(to: encoder)
        case .double(let value): try value.encode(to: encoder)
        case .float(let value): try value.encode(to: encoder)
        case .text(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .array(let elements): try elements.encode(to: encoder)
        case .object(let members): try members.encode(to: encoder)
        case .nested(let members, let elements):
            var container = encoder.container(keyedBy: AnyKey.self)
            try container.encodeNil(forKey: AnyKey(stringValue: "z"))
            var object = container.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey(stringValue: "object"))
            for (key, value) in members { try object.encode(value, forKey: AnyKey(stringValue: key)) }
            var list = container.nestedUnkeyedContainer(forKey: AnyKey(stringValue: "list"))
            for element in elements { try list.encode(element) }
            var inner = list.nestedContainer(keyedBy: AnyKey.self)
            try inner.encode(list.count, forKey: AnyKey(stringValue: "count"))
            var last = list.nestedUnkeyedContainer()
            try last.encodeNil()
            try container.encodeIfPresent(members.keys.sorted().first, forKey: AnyKey(stringValue: "a"))
        case .inherited(let base, let elements):
            var container = encoder.container(keyedBy: AnyKey.self)
            try base.encode(to: container.superEncoder())
            try base.encode(to: container.superEncoder(forKey: AnyKey(stringValue: "other")))
            // A second look at the same container goes on with it.
            var again = encoder.container(keyedBy: AnyKey.self)
            var list = again.nestedUnkeyedContainer(forKey: AnyKey(stringValue: "list"))
            for element in elements { try element.encode(to: list.superEncoder()) }
        }
    }

    static func random(depth: Int, _ generator: inout SeededGenerator) -> Sample {
        func elements() -> [Sample] {
            (0..<Int.random(in: 0..<5, using: &generator)).map { _ in random(depth: depth - 1, &generator) }
        }
        func members() -> [String: Sample] {
            Dictionary(elements().map { (text(&generator), $0) }) { first, _ in first }
        }
        switch Int.random(in: 0..<(depth > 0 ? 13 : 9), using: &generator) {
        case 0: return .nothing
        case 1: return .bool(.random(using: &generator))
        case 2: return .signed(Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator))
        case 3: return .unsigned(generator.next())
        case 4: return .small(.random(in: .min ... .max, using: &generator))
        case 5:
            let value = Double(bitPattern: generator.next())
            return .double(value.isFinite ? value : Double(Int64(bitPattern: generator.next()) >> 40))
        case 6:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            return .float(value.isFinite ? value : 1)
        case 7: return .text(text(&generator))
        case 8: return .empty
        case 9: return .array(elements())
        case 10: return .object(members())
        case 11: return .nested(members(), elements())
        default: return .inherited(random(depth: depth - 1, &generator), elements())
        }
    }

    /// Some characters that need care, and others.
    private static func text(_ generator: inout SeededGenerator) -> String {
        let special: [Unicode.Scalar] = [
            "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "\u{7F}", "\u{2028}", "\u{301}", "😀",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0..<20, using: &generator) {
            let scalar =
                Bool.random(using: &generator)
                ? Unicode.Scalar(UInt32.random(in: 0..<0x800, using: &generator))
                : special.randomElement(using: &generator)
            if let scalar { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}

private struct Repeated: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        for (key, value) in [("b", 1), ("a", 1), ("b", 2), ("a", 2), ("a", 3)] {
            try container.encode(value, forKey: AnyKey(stringValue: key))
        }
    }
}

private struct Failing: Encodable {
    func encode(to encoder: any Encoder) throws { throw CancellationError() }
}

/// What no single pass can write. Not encodable itself: the library of tests would do so, by JSONEncoder, which traps.
enum Misuse {
    case outOfOrder, twice, twoKinds
}

private struct Misusing: Encodable {
    let misuse: Misuse

    func encode(to encoder: any Encoder) throws {
        switch misuse {
        case .outOfOrder:
            var container = encoder.container(keyedBy: AnyKey.self)
            var first = container.nestedUnkeyedContainer(forKey: AnyKey(stringValue: "first"))
            try container.encode(1, forKey: AnyKey(stringValue: "second"))
            try first.encode(1)
        case .twice:
            var container = encoder.singleValueContainer()
            try container.encode(1)
            try container.encode(2)
        case .twoKinds:
            var container = encoder.container(keyedBy: AnyKey.self)
            try container.encode(1, forKey: AnyKey(stringValue: "a"))
            var list = encoder.unkeyedContainer()
            try list.encode(1)
        }
    }
}
