internal import FoundationEssentials

/// Points in time as the catalogue and the API write them.
package enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// ISO-8601 in UTC with milliseconds, such as `2025-01-31T12:00:00.000Z`, from nanoseconds since 1970.
    ///
    /// Such texts sort like the times they stand for. Times outside the years 1 to 9999 are moved to their ends.
    package static func text(_ nanoseconds: Int64) -> String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let milliseconds = Double(seconds) + Double(rest / 1_000_000) / 1000
        return Date(timeIntervalSince1970: milliseconds).formatted(style)
    }

    /// The same without punctuation, for names of files: `20250131T120000Z`.
    static func compact(_ nanoseconds: Int64) -> String {
        String(text(nanoseconds).prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
