/// Something that goes wrong with an answer.
package struct Fault: Sendable {
    /// Which requests it happens to.
    package enum Condition: Sendable {
        case any
        /// Targets that begin so.
        case path(String)
        case endpoint(StandInEndpoint)
        /// Requests with this text in their body, in any case of its letters.
        case bodyContains(String)
        /// Requests with this text in their body or in their target, in any case of its letters.
        case contains(String)
        /// Requests for images.
        case image
    }

    /// Which requests it happens to.
    package var when: Condition
    /// How often it happens; nil for always.
    package var times: Int?
    /// How many requests that it could happen to are spared before.
    package var skip: Int
    /// What happens.
    package var kind: FaultKind

    package init(when: Condition = .any, times: Int? = nil, skip: Int = 0, kind: FaultKind) {
        self.when = when
        self.times = times
        self.skip = skip
        self.kind = kind
    }

    /// True when the fault can happen to this request.
    func concerns(_ request: RecordedRequest) -> Bool {
        switch when {
        case .any: true
        case .path(let start): request.target.hasPrefix(start)
        case .endpoint(let endpoint): request.endpoint == endpoint
        case .bodyContains(let text): request.text.lowercased().contains(text.lowercased())
        case .contains(let text):
            request.text.lowercased().contains(text.lowercased())
                || request.target.lowercased().contains(text.lowercased())
        case .image: request.endpoint == .image
        }
    }
}

/// When a client that asks too often may come back.
package enum RetryAfter: Sendable, Hashable {
    case seconds(Int)
    /// As a date, so many seconds after the answer.
    case date(inSeconds: Int)
    /// Something that is neither.
    case text(String)
}

/// What goes wrong.
package enum FaultKind: Sendable {
    /// Another status with a body in JSON; without one, as CivitAI has it for the status.
    case status(Int, json: String? = nil, headers: [String: String] = [:])
    /// 429.
    case tooManyRequests(retryAfter: RetryAfter? = nil)
    /// 451: the service is not for this country.
    case regionBlocked
    /// A page of the edge that wants to see a browser: 403, 503, 200.
    case challenge(status: Int = 403)
    /// 404 with a page, which says nothing of what was asked for.
    case notFoundPage
    case redirect(to: String, status: Int = 302)
    /// No answer until the client or the server ends the connection.
    case hang
    /// The content comes a byte at a time.
    case drip(milliseconds: Int)
    /// The connection is reset after half of the content.
    case reset
    /// Half of the content, with a length that agrees.
    case truncatedJSON
    /// Half of the content, with the length of the whole.
    case cutShort
    /// A text that is no JSON.
    case invalidJSON
    /// JSON of another shape: a list in the place of an object and the other way round.
    case otherShape
    case emptyBody
    /// So many blanks before the content, which a parser of JSON skips.
    case hugeBody(bytes: Int = 64 << 20)
    /// `Content-Encoding: gzip` for what is not.
    case gzippedGarbage
    case contentType(String)
}
