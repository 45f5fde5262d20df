internal import HTTPClient

/// Asks one host, as politely and guardedly as hosts on the net have to be asked. It follows no redirection.
final class WebFetcher {
    /// What is asked for.
    struct Question {
        var method = "GET"
        /// A path with its query, without the path of the address.
        var target: String
        /// A media type for `Accept`.
        var accept: String
        /// JSON.
        var body: [UInt8]?
        /// Only given where the address is private.
        var key: APIKey?
        /// Bytes of the longest answer that is taken.
        var limit: Int
    }

    let address: BaseAddress
    private let client: HTTPClient
    private let userAgent: String
    private let timeoutMilliseconds: Int

    /// - Parameter timeoutMilliseconds: to connect, and without progress; a request takes at most four times as long.
    init(
        _ address: BaseAddress, userAgent: String, timeoutMilliseconds: Int, cancellation: HTTPCancellation?
    ) throws(CivitAIError) {
        try Self.check(userAgent: userAgent)
        self.address = address
        self.userAgent = userAgent
        self.timeoutMilliseconds = max(1, min(timeoutMilliseconds, 86_400_000))
        do throws(HTTPClientError) {
            client = try HTTPClient(.origin(address.origin), cancellation: cancellation)
        } catch {
            throw CivitAIError(.badRequest, error.message)
        }
    }

    /// Throws `badRequest` for a name that no header field can carry.
    static func check(userAgent: String) throws(CivitAIError) {
        guard !userAgent.isEmpty, userAgent.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw CivitAIError(.badRequest, "The user agent has characters that no header field has.")
        }
    }

    /// Sends a question and returns the answer with any status.
    func fetch(_ question: Question) throws(CivitAIError) -> HTTPResponse {
        var headers = [(name: "User-Agent", value: userAgent), (name: "Accept", value: question.accept)]
        if question.body != nil { headers.append(("Content-Type", "application/json")) }
        if let key = question.key, address.isPrivate { headers.append(("Authorization", "Bearer " + key.secret)) }
        let request = HTTPRequest(
            method: question.method, target: address.path + question.target, headers: headers, body: question.body,
            timeoutMilliseconds: timeoutMilliseconds * 4, connectTimeoutMilliseconds: timeoutMilliseconds,
            stallTimeoutMilliseconds: timeoutMilliseconds, responseLimit: question.limit, acceptsCompression: true,
            // What goes to this machine, perhaps with a key, is not sent around.
            usesProxy: !address.isLoopback)
        do throws(HTTPClientError) {
            return try client.perform(request)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: HTTPClientError) -> CivitAIError {
        let host = address.host
        return switch error.code {
        case .cannotConnect: CivitAIError(.cannotConnect, "\(host) cannot be reached: \(error.message)")
        case .timedOut: CivitAIError(.timedOut, "\(host) did not answer in time.")
        case .tooLarge: CivitAIError(.tooLarge, "\(host) gave too long an answer.")
        case .cancelled: CivitAIError(.cancelled, "The question to \(host) was cancelled.")
        case .protocolViolation: CivitAIError(.connectionLost, "The connection to \(host) broke: \(error.message)")
        case .invalidRequest: CivitAIError(.badRequest, error.message)
        }
    }
}
