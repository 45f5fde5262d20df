internal import HTTPClient
internal import JSON

/// Says what an answer of CivitAI's host is that is not the one that was asked for.
///
/// Between the API and its clients stands Cloudflare, which answers in its place with web pages of any status.
struct AnswerJudge {
    /// More of an error's body is not read.
    private static let longestError = 64 << 10
    /// More of a server's own sentence is not told.
    private static let longestSentence = 200
    /// What stands in Cloudflare's challenge pages and in no other; the header field is that of Cloudflare's
    /// documentation, Challenge Pages, Detect a Challenge Page response.
    private static let challengeField = (name: "cf-mitigated", value: "challenge")
    private static let challengeMarks = [
        "challenge-platform", "cf-chl", "cf_chl", "cf-browser-verification", "<title>Just a moment",
        "<title>Attention Required! | Cloudflare",
    ]

    let host: String
    let key: APIKey?
    /// Nanoseconds since 1970.
    let now: Int64

    /// What is wrong with an answer; nil for one with the status 200 that is no web page.
    func failure(_ response: HTTPResponse) -> CivitAIError? {
        let isPage = isPage(response)
        if response.status != 429, isChallenge(response, isPage: isPage) {
            return error(.challenged, "shows a challenge page", response)
        }
        switch response.status {
        case 200: return isPage ? error(.malformed, "answers with a web page", response) : nil
        case 300..<400: return error(.redirected, "names another address, which is not followed", response)
        case 401: return error(.refused, "does not let this client in", response)
        case 403:
            return sentence(response) == nil
                ? error(.challenged, "turns this client away", response)
                : error(.refused, "does not let this client in", response)
        case 404: return error(.malformed, "does not know the question", response)
        case 413: return error(.tooLarge, "finds the question too long", response)
        // Not about the number of questions but about this one.
        case 429 where sentence(response)?.contains("too many pages") == true:
            return error(.badRequest, "refuses the question", response)
        case 429: return error(.rateLimited, "wants fewer questions", response)
        case 451: return error(.regionBlocked, "serves nobody in this region", response)
        // Both say that it was a matter of time.
        case 408, 499, 500..<600: return error(.unavailable, "has trouble", response)
        case 400..<500 where !isPage: return error(.badRequest, "refuses the question", response)
        default: return error(.malformed, "gives no answer of the API", response)
        }
    }

    /// Whether the API says that there is no such thing, which is more than a 404.
    func isNotFound(_ response: HTTPResponse) -> Bool {
        // Gateways have a `message` where CivitAI has an `error`.
        response.status == 404 && body(response)?["error"]?.string != nil
    }

    // MARK: - Bodies

    private func isPage(_ response: HTTPResponse) -> Bool {
        let type = response.header("content-type")?.lowercased() ?? ""
        if type.contains("html") { return true }
        let first = response.body.first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        return first == UInt8(ascii: "<")
    }

    private func isChallenge(_ response: HTTPResponse, isPage: Bool) -> Bool {
        if response.header(Self.challengeField.name)?.lowercased() == Self.challengeField.value { return true }
        guard isPage else { return false }
        let text = String(repairing: Array(response.body.prefix(Self.longestError)))
        return Self.challengeMarks.contains { text.contains($0) }
    }

    /// What an object of JSON tells as `error` or `message`.
    private func sentence(_ response: HTTPResponse) -> String? {
        guard let json = body(response), let told = json["error"]?.string ?? json["message"]?.string else { return nil }
        // Before it is cut, so that no part of a key is left.
        let text = key?.redacting(told) ?? told
        let shown = text.prefix(Self.longestSentence).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        return shown.joined()
    }

    private func body(_ response: HTTPResponse) -> JSONValue? {
        response.body.count <= Self.longestError ? try? JSONValue(response.body) : nil
    }

    private func error(_ code: CivitAIError.Code, _ what: String, _ response: HTTPResponse) -> CivitAIError {
        var message = "\(host) \(what) (status \(response.status))"
        if let sentence = sentence(response) { message += ": \(sentence)" }
        if !message.hasSuffix(".") { message += "." }
        let wait = response.header("retry-after").flatMap { RetryAfter.nanoseconds($0, now: now) }
        return CivitAIError(code, message, retryAfter: wait)
    }
}
