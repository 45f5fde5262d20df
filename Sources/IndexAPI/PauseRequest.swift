/// The body of `POST pause`; its answer, and that of `POST resume`, is the status's hashing part.
package struct PauseRequest: Codable, Sendable, Equatable {
    /// How long a pause may be: up to ten years of 365 days.
    package static let seconds: ClosedRange<Int64> = 1...315_360_000

    /// For how long; null until `resume`.
    @Nullable package var seconds: Int64?

    package init(seconds: Int64? = nil) { self.seconds = seconds }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(seconds: try container.decodeIfPresent(Int64.self, forKey: .seconds))
    }

    enum CodingKeys: String, CodingKey { case seconds }
}

/// The body of `POST resume`, an object without keys.
package struct ResumeRequest: Codable, Sendable, Equatable {
    package init() {}
}
