import HTTPClient
import TestSupport
import Testing

@testable import CivitAI

/// A client and the server that it asks.
struct ClientFixture {
    let server: TinyServer
    let client: CivitAIClient

    /// - Parameter timeoutMilliseconds: short where a test lets it pass.
    init(
        apiKey: String? = nil, timeoutMilliseconds: Int = 20_000, cancellation: HTTPCancellation? = nil,
        answering answer: @escaping @Sendable (String) -> TinyServer.Answer
    ) throws {
        server = try TinyServer(answering: answer)
        client = try CivitAIClient(
            baseURL: "http://127.0.0.1:\(server.port)/", userAgent: "kikod/test", apiKey: apiKey,
            timeoutMilliseconds: timeoutMilliseconds, cancellation: cancellation)
    }

    /// One that always gives this answer of JSON.
    init(apiKey: String? = nil, status: String = "200 OK", json: String) throws {
        try self.init(apiKey: apiKey) { _ in answer(status, json) }
    }

    /// What the first line of each request asks for.
    var targets: [String] {
        server.requests.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    }
}

/// An answer with its head.
func answer(
    _ status: String, _ body: String, type: String = "application/json", headers: String = ""
) -> TinyServer.Answer {
    .bytes(Array(okay(body, status: status, headers: "Content-Type: \(type)\r\n\(headers)").utf8))
}

/// A question about a model, as any other.
func askForModel(_ fixture: ClientFixture) -> CivitAIError? {
    do throws(CivitAIError) {
        _ = try fixture.client.model(id: 1)
        return nil
    } catch {
        return error
    }
}
