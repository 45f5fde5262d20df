extension Duration {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000),
    ]

    /// The duration that people write as `500ms`, `2s`, `10m`, `24h`, `30d`, or in several units, the largest first:
    /// `1h30m`. One blank may stand before a unit. Nil for anything else, a number without a unit included. More than
    /// 64 bits of nanoseconds hold, nearly 300 years, becomes so many seconds that no range allows it.
    package init?(text: String) {
        var rest = text[...]
        var unitsLeft = Self.units[...]
        var sum: Int64 = 0
        var isBeyond = false
        repeat {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            if rest.first == " " { rest = rest.dropFirst() }
            let name = rest.prefix { !("0"..."9").contains($0) }
            guard let unit = unitsLeft.firstIndex(where: { $0.name == name }) else { return nil }
            let (product, isTooLarge) = (Int64(digits) ?? .max)
                .multipliedReportingOverflow(by: unitsLeft[unit].nanoseconds)
            let (total, isTooMuch) = sum.addingReportingOverflow(product)
            sum = total
            isBeyond = isBeyond || isTooLarge || isTooMuch
            unitsLeft = unitsLeft[(unit + 1)...]
            rest = rest.dropFirst(name.count)
        } while !rest.isEmpty
        self = isBeyond ? Duration(secondsComponent: .max, attosecondsComponent: 0) : .nanoseconds(sum)
    }
}
