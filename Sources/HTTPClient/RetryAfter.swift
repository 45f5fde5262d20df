/// The header field by which a server says when to come again (RFC 9110, section 10.2.3).
package enum RetryAfter {
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// Nanoseconds from `now`, given in nanoseconds since 1970, until the moment that a field's value names.
    ///
    /// - Returns: nil for a value that is neither a number of seconds nor a date in one of the three forms of RFC 9110,
    ///   section 5.6.7, and for a moment that has passed; what is too far away is `Int64.max`.
    package static func nanoseconds(_ value: String, now: Int64) -> Int64? {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let bytes = Array(value.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        if !bytes.isEmpty, bytes.allSatisfy(HTTPDate.isDigit) {
            let seconds = Int64(String(decoding: bytes, as: UTF8.self)) ?? .max
            return seconds.multiplied(saturating: nanosecondsPerSecond)
        }
        guard bytes.count <= 40, let seconds = HTTPDate.seconds(bytes, now: now / nanosecondsPerSecond) else {
            return nil
        }
        let (difference, overflow) = seconds.multiplied(saturating: nanosecondsPerSecond)
            .subtractingReportingOverflow(now)
        if overflow { return seconds > 0 ? .max : nil }
        return difference >= 0 ? difference : nil
    }
}

extension Int64 {
    /// The product, or the number next to it that there is.
    fileprivate func multiplied(saturating other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
