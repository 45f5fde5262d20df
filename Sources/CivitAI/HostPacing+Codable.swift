/// What is kept over restarts. What is missing or cannot be is as in a new one.
extension HostPacing: Codable {
    private enum CodingKeys: String, CodingKey {
        case configuredRate, rate, failures, connectFailures, rateLimits, openings, isBlock, since, until, message,
            lastSuccess
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func count(_ key: CodingKeys) -> Int {
            (try? values.decode(Int.self, forKey: key)).map { max(0, min($0, 1_000_000)) } ?? 0
        }
        let configured = (try? values.decode(Double.self, forKey: .configuredRate)) ?? 1
        self.init(configured: configured, rate: (try? values.decode(Double.self, forKey: .rate)) ?? configured)
        counts.failures = count(.failures)
        counts.connectFailures = count(.connectFailures)
        counts.rateLimits = count(.rateLimits)
        lastSuccess = try? values.decode(Int64.self, forKey: .lastSuccess)
        guard let since = try? values.decode(Int64.self, forKey: .since),
            let until = try? values.decode(Int64.self, forKey: .until), until >= since,
            let message = try? values.decode(String.self, forKey: .message)
        else { return }
        // Without a pause no circuit can be open.
        counts.openings = count(.openings)
        let (length, overflow) = until.subtractingReportingOverflow(since)
        pause = HostPause(
            isBlock: (try? values.decode(Bool.self, forKey: .isBlock)) ?? false, from: since,
            nanoseconds: overflow ? .max : length, message: message)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(configuredRate, forKey: .configuredRate)
        try values.encode(rate, forKey: .rate)
        try values.encode(counts.failures, forKey: .failures)
        try values.encode(counts.connectFailures, forKey: .connectFailures)
        try values.encode(counts.rateLimits, forKey: .rateLimits)
        try values.encode(counts.openings, forKey: .openings)
        try values.encodeIfPresent(lastSuccess, forKey: .lastSuccess)
        guard let pause else { return }
        try values.encode(pause.isBlock, forKey: .isBlock)
        try values.encode(pause.since, forKey: .since)
        try values.encode(pause.until, forKey: .until)
        try values.encode(pause.message, forKey: .message)
    }
}
