import HTTPClient
import LinuxSystem

@testable import StandInCivitAI

/// Runs a stand-in while `body` asks it, on a thread of its own, and stops it afterwards.
func withStandIn(_ body: @escaping @Sendable (StandInCivitAI, Caller) throws -> Void) async throws {
    let server = try StandInCivitAI()
    try await onOwnThread("test") {
        defer { server.stop() }
        try body(server, try Caller(server))
    }
}

/// An answer as a test looks at it.
struct Reply {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Null for what is no JSON.
    var json: JSONTree { (try? JSONTree(reading: body)) ?? .null }

    func header(_ name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }
}

/// Asks with the project's own client.
struct Caller {
    private let client: HTTPClient

    init(_ server: StandInCivitAI) throws { client = try HTTPClient(.origin(server.baseURL)) }

    func get(
        _ target: String, method: String = "GET", headers: [(name: String, value: String)] = [],
        milliseconds: Int = 60_000
    ) throws -> Reply {
        try send(HTTPRequest(method: method, target: target, headers: headers, timeoutMilliseconds: milliseconds))
    }

    func post(
        _ target: String, _ body: String, type: String = "application/json"
    ) throws -> Reply {
        try send(
            HTTPRequest(
                method: "POST", target: target, headers: [("Content-Type", type)], body: Array(body.utf8),
                timeoutMilliseconds: 60_000))
    }

    /// Sends hashes as the bulk endpoints want them.
    func post(_ target: String, hashes: [String]) throws -> Reply {
        try post(target, "[" + hashes.map { "\"\($0)\"" }.joined(separator: ",") + "]")
    }

    private func send(_ request: HTTPRequest) throws -> Reply {
        let response = try client.perform(request)
        return Reply(status: response.status, headers: response.headers, body: response.body)
    }
}

/// The targets of requests.
enum Target {
    static let byHash = "/api/v1/model-versions/by-hash"
    static let ids = "/api/v1/model-versions/by-hash/ids"

    static func byHash(_ hash: String) -> String { byHash + "/" + hash }
    static func version(_ id: Int64) -> String { "/api/v1/model-versions/\(id)" }
    static func model(_ id: Int64) -> String { "/api/v1/models/\(id)" }
}

/// A SHA-256 that only a test has.
func hash(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "ab" + String(repeating: "0", count: 62 - digits.count) + digits
}

/// A model whose version has ten times its number, and whose hash is made of it.
func lora(_ number: Int) -> StandInModel {
    .lora(id: Int64(number), version: Int64(number) * 10, name: "Lora \(number)", sha256: hash(number), bytes: 24_655)
}

extension JSONTree {
    /// The names of an object's members.
    var names: Set<String> {
        if case .object(let members) = self { Set(members.map(\.name)) } else { [] }
    }

    /// An element of a list.
    subscript(_ index: Int) -> JSONTree? {
        elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }

    var isNull: Bool { if case .null = self { true } else { false } }
}
