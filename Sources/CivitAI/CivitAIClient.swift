package import CivitAIRecords
package import HTTPClient
internal import JSON
internal import LinuxSystem

/// Asks CivitAI's web API.
///
/// Every call blocks its thread until the answer is there, asks once and follows no redirection; `HostPacing` says when
/// the next question may be asked. One thread at a time may use a client, which is why it is not `Sendable`.
package final class CivitAIClient {
    /// As many digests may be asked about at once for numbers alone.
    package static let maximumCandidateDigests = 10_000
    /// As many digests or numbers may be asked about at once for descriptions.
    package static let maximumDescriptions = 100
    /// Bytes of the longest answer that is taken.
    private static let longestAnswer = 16 << 20

    private let fetcher: WebFetcher
    private let key: APIKey?

    /// - Parameters:
    ///   - baseURL: such as `https://civitai.com`, without `/api`.
    ///   - apiKey: sent only with questions that take one, and only over https or to this machine.
    ///   - timeoutMilliseconds: to connect, and without progress; a question takes at most four times as long.
    ///   - cancellation: ends the question under way and all after it.
    /// - Throws: `badRequest` for a URL or a key that is none.
    package init(
        baseURL: String, userAgent: String, apiKey: String? = nil, timeoutMilliseconds: Int = 30_000,
        cancellation: HTTPCancellation? = nil
    ) throws(CivitAIError) {
        guard let address = BaseAddress(baseURL) else {
            throw CivitAIError(.badRequest, "The address of CivitAI is not one like https://civitai.com.")
        }
        if let apiKey, !apiKey.isEmpty {
            guard let key = APIKey(apiKey) else {
                throw CivitAIError(.badRequest, "The API key has characters that no key has.")
            }
            self.key = key
        } else {
            key = nil
        }
        fetcher = try WebFetcher(
            address, userAgent: userAgent, timeoutMilliseconds: timeoutMilliseconds, cancellation: cancellation)
    }

    /// Whether there is a key that is sent: one is not where somebody on the way could read it.
    package var sendsKey: Bool { key != nil && fetcher.address.isPrivate }

    // MARK: - Many things at once

    /// The versions that have files with these SHA-256 digests, of which there may be `maximumCandidateDigests`.
    ///
    /// What CivitAI does not know is missing from the answer; one digest may be that of several versions.
    package func candidates(forDigests digests: [String]) throws(CivitAIError) -> [CivitAIHashMatch] {
        if digests.isEmpty { return [] }
        let body = try Self.body(digests, limit: Self.maximumCandidateDigests)
        let response = try usable(ask("POST", "/model-versions/by-hash/ids", body: body, withKey: false))
        let asked = Set(digests.map { $0.lowercased() })
        var matches: [CivitAIHashMatch] = []
        var known: Set<CivitAIHashMatch> = []
        do throws(JSONError) {
            var elements = try ElementReader(body: response.body, member: nil)
            while let element = elements.next(limit: 1 << 16) {
                // What is missing counts as not known to CivitAI, so nothing may be passed over.
                guard let text = element, let match = CivitAIHashMatch(try JSONValue(text)) else {
                    throw JSONError(.invalid, "an element of it is no version of a digest")
                }
                if asked.contains(match.sha256), known.insert(match).inserted { matches.append(match) }
            }
        } catch {
            throw malformed(error)
        }
        return matches
    }

    /// The versions that have files with these SHA-256 digests, of which there may be `maximumDescriptions`.
    ///
    /// A version may come twice, and one that CivitAI has may be missing. Addresses for downloads are wrong in these
    /// answers.
    package func versions(forDigests digests: [String]) throws(CivitAIError) -> CivitAIAnswers<CivitAIVersion> {
        if digests.isEmpty { return try answers(Array("[]".utf8)) }
        let body = try Self.body(digests, limit: Self.maximumDescriptions)
        return try answers(usable(ask("POST", "/model-versions/by-hash", body: body, withKey: false)).body)
    }

    /// The models with these numbers, of which there may be `maximumDescriptions`; those that CivitAI does not have, or
    /// does not show, are missing.
    package func models(ids: [Int64]) throws(CivitAIError) -> CivitAIAnswers<CivitAIModel> {
        if ids.isEmpty { return try answers(Array("[]".utf8)) }
        guard ids.count <= Self.maximumDescriptions else {
            throw CivitAIError(.badRequest, "CivitAI is asked for \(Self.maximumDescriptions) models at once at most.")
        }
        for id in ids { try Self.check(id) }
        let list = ids.map { String($0) }.joined(separator: ",")
        let target = "/models?ids=\(list)&nsfw=true&archived=true&limit=\(Self.maximumDescriptions)"
        return try answers(usable(ask("GET", target, withKey: true)).body, member: "items")
    }

    // MARK: - One thing

    /// A model with its versions; nil where CivitAI says that there is none.
    package func model(id: Int64) throws(CivitAIError) -> CivitAIAnswer<CivitAIModel>? {
        try Self.check(id)
        let answer: CivitAIAnswer<CivitAIModel>? = try single(ask("GET", "/models/\(id)", withKey: false))
        if let answer, answer.record.id != id { throw malformed("it is about another model") }
        return answer
    }

    /// A version; nil where CivitAI says that there is none.
    package func version(id: Int64) throws(CivitAIError) -> CivitAIAnswer<CivitAIVersion>? {
        try Self.check(id)
        let answer: CivitAIAnswer<CivitAIVersion>? = try single(ask("GET", "/model-versions/\(id)", withKey: true))
        if let answer, answer.record.id != id { throw malformed("it is about another version") }
        return answer
    }

    /// The oldest version that has a file with a digest of any of CivitAI's kinds; nil where CivitAI says that there is
    /// none.
    package func version(hash: String) throws(CivitAIError) -> CivitAIAnswer<CivitAIVersion>? {
        guard (8...64).contains(hash.utf8.count), Self.isHexadecimal(hash) else {
            throw CivitAIError(.badRequest, "What is asked about is no digest.")
        }
        return try single(ask("GET", "/model-versions/by-hash/\(hash.uppercased())", withKey: false))
    }

    /// Whether CivitAI takes the key for one: with all other questions a wrong key is as good as none.
    package func isKeyValid() throws(CivitAIError) -> Bool {
        guard sendsKey else {
            throw CivitAIError(
                .badRequest, key == nil ? "There is no API key." : "The API key is sent over https only.")
        }
        let response = try ask("GET", "/me", withKey: true)
        if let failure = judge.failure(response) {
            if failure.code == .refused { return false }
            throw failure
        }
        guard let json = try? JSONValue(response.body), json.isObject else { throw malformed("it is no object") }
        return true
    }

    // MARK: - Asking

    private func ask(
        _ method: String, _ target: String, body: [UInt8]? = nil, withKey: Bool
    ) throws(CivitAIError) -> HTTPResponse {
        try fetcher.fetch(
            WebFetcher.Question(
                method: method, target: "/api/v1" + target, accept: "application/json", body: body,
                key: withKey ? key : nil, limit: Self.longestAnswer))
    }

    private var judge: AnswerJudge { AnswerJudge(host: fetcher.address.host, key: key, now: WallClock.now) }

    private func usable(_ response: HTTPResponse) throws(CivitAIError) -> HTTPResponse {
        if let failure = judge.failure(response) { throw failure }
        return response
    }

    private func answers<Record>(
        _ body: [UInt8], member: String? = nil
    ) throws(CivitAIError) -> CivitAIAnswers<Record> {
        do throws(JSONError) {
            return try CivitAIAnswers(body: body, member: member)
        } catch {
            throw malformed(error)
        }
    }

    private func single<Record: CivitAIRecord>(_ response: HTTPResponse) throws(CivitAIError) -> CivitAIAnswer<Record>?
    {
        if judge.isNotFound(response) { return nil }
        let text = try usable(response).body
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(text, subject: "it", keepsNumbers: true)
        } catch {
            throw malformed(error)
        }
        guard let record = Record(json) else { throw malformed("it describes nothing that is known") }
        return CivitAIAnswer(record: record, text: text)
    }

    private func malformed(_ error: JSONError) -> CivitAIError { malformed(error.message) }

    private func malformed(_ what: String) -> CivitAIError {
        CivitAIError(.malformed, "An answer of \(fetcher.address.host) cannot be used: \(what).")
    }

    // MARK: - Questions

    private static func body(_ digests: [String], limit: Int) throws(CivitAIError) -> [UInt8] {
        guard digests.count <= limit else {
            throw CivitAIError(.badRequest, "CivitAI is asked about \(limit) digests at once at most.")
        }
        // One that is none would spoil the question for all.
        guard digests.allSatisfy({ $0.utf8.count == 64 && isHexadecimal($0) }) else {
            throw CivitAIError(.badRequest, "What is asked about is no SHA-256.")
        }
        return Array(("[" + digests.map { "\"\($0.uppercased())\"" }.joined(separator: ",") + "]").utf8)
    }

    /// CivitAI's numbers have 32 bits.
    private static func check(_ id: Int64) throws(CivitAIError) {
        guard (1...Int64(Int32.max)).contains(id) else {
            throw CivitAIError(.badRequest, "CivitAI has no number \(id).")
        }
    }

    private static func isHexadecimal(_ text: String) -> Bool {
        text.utf8.allSatisfy { UnicodeScalar($0).properties.isASCIIHexDigit }
    }
}
