/// A value to bind, or a column's value.
package enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// Stored as TEXT with exactly these bytes, UTF-8 or not; two such values are equal to SQLite when their bytes are.
    case textBytes([UInt8])
    case blob([UInt8])

    /// The number, or NULL for nil.
    package init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }

    /// The number, or NULL for nil.
    package init(_ number: Double?) { self = number.map { .real($0) } ?? .null }

    /// The text, or NULL for nil.
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// 1 or 0, or NULL for nil.
    package init(_ truth: Bool?) { self = truth.map { .integer($0 ? 1 : 0) } ?? .null }

    /// The 64 bits of the number as a signed integer (negative from 2^63 on), or NULL for nil; `Row.unsigned` undoes it.
    package init(unsigned number: UInt64?) { self = number.map { .integer(Int64(bitPattern: $0)) } ?? .null }

    /// TEXT with exactly these bytes, or NULL for nil.
    package init(textBytes bytes: [UInt8]?) { self = bytes.map { .textBytes($0) } ?? .null }

    /// BLOB with these bytes, or NULL for nil.
    package init(blob bytes: [UInt8]?) { self = bytes.map { .blob($0) } ?? .null }
}

extension Value: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .null }
}

extension Value: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension Value: ExpressibleByFloatLiteral {
    package init(floatLiteral value: Double) { self = .real(value) }
}

extension Value: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
}

extension Value: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
}
