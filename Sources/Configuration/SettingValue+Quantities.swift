internal import LinuxSystem
internal import YAML

extension SettingValue {
    private static let bytes: [String: Int64] = [
        "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// `500ms`, `2s`, `5m`, `24h`, `1h30m`; of the numbers without a unit only `0`.
    static func duration(in range: ClosedRange<Duration>) -> Reader<Duration> {
        { node throws(ValueProblem) in
            let expected = "a duration such as 500ms, 2s, 5m, 24h or 30d"
            guard let text = node.scalar?.text, let value = isZero(text) ? .zero : Duration(text: text) else {
                throw ValueProblem(expected: expected, found: node)
            }
            guard range.contains(value) else {
                let bounds = "\(shown(range.lowerBound)) to \(shown(range.upperBound))"
                throw ValueProblem(expected: "a duration from \(bounds)", found: node)
            }
            return value
        }
    }

    /// `1000`, `1MB`, `200MiB`, `2GiB`: bytes.
    static func byteSize(_ node: YAMLNode) throws(ValueProblem) -> Int64 {
        let expected = "a size such as 0, 1000, 1MB, 200MiB or 2GiB"
        guard let text = node.scalar?.text, let (digits, unit) = split(text), let scale = bytes[unit] else {
            throw ValueProblem(expected: expected, found: node)
        }
        guard let value = product(digits, scale) else {
            throw ValueProblem(expected: "a size of at most \(Int64.max) bytes", found: node)
        }
        return value
    }

    private static func isZero(_ text: String) -> Bool { !text.isEmpty && text.allSatisfy { $0 == "0" } }

    /// Digits and what follows them, one blank between allowed; nil without digits.
    private static func split(_ text: String) -> (digits: String, unit: String)? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return nil }
        let rest = text.dropFirst(digits.count)
        return (String(digits), String(rest.first == " " ? rest.dropFirst() : rest))
    }

    private static func product(_ digits: String, _ scale: Int64) -> Int64? {
        guard let number = Int64(digits) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: scale)
        return overflow ? nil : product
    }

    /// A duration in the largest unit that shows it whole.
    private static func shown(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        for (unit, scale) in [("d", 86_400_000.0), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
        where milliseconds >= scale && milliseconds.truncatingRemainder(dividingBy: scale) == 0 {
            return "\(Int64(milliseconds / scale))\(unit)"
        }
        return milliseconds == 0 ? "0" : "\(Int64(milliseconds))ms"
    }
}
