import Catalog
import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import Logging
import Synchronization
import TestSupport
import Testing

@testable import APIServer
@testable import HTTPServer
@testable import Indexing

/// The API over the index of a library in a temporary directory, without a socket.
struct APIFixture: Sendable {
    let library: FilePath
    let catalog: ModelCatalog
    let indexer: Indexer
    let handler: APIRequestHandler

    init(_ directory: FilePath, access: AccessRules, configured: (inout IndexingSettings) -> Void) throws {
        library = directory.appending("library")
        try makeDirectory(library)
        let data = directory.appending("data")
        try makeDirectory(data)
        catalog = try ModelCatalog.open(directory: data)
        var settings = IndexingSettings(roots: [.init(path: library, type: nil, watchMode: .inotify)])
        settings.settle = 5_000_000
        configured(&settings)
        indexer = Indexer(
            catalog: catalog, settings: settings, runtimeDirectory: directory.appending("run"), logger: .silent)
        var lookupSettings = LookupSettings()
        lookupSettings.isEnabled = false
        handler = APIRequestHandler(
            index: APIIndex(
                catalog: catalog, indexer: indexer,
                lookups: LookupService(indexer: indexer, settings: lookupSettings),
                previews: PreviewService(
                    indexer: indexer, settings: PreviewSettings(cacheDirectory: directory.appending("cache"))),
                started: .now),
            access: { access }, logger: .silent)
    }

    /// What a client gets.
    struct Answer: Sendable {
        let status: Int
        let headers: [HTTPField]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try WireJSON.decode(type, from: Data(body))
        }
    }

    func get(_ target: String) async throws -> Answer { try await send("GET", target) }

    func get<Value: Decodable>(_ target: String, as type: Value.Type) async throws -> Value {
        let answer = try await get(target)
        #expect(answer.status == 200, "\(target): \(answer.text)")
        return try answer.decode(type)
    }

    func post(_ target: String, _ body: String) async throws -> Answer { try await send("POST", target, body: body) }

    func send(
        _ method: String, _ target: String, body: String = "", listener: ListenerKind = .unix, headers: [HTTPField] = []
    ) async throws -> Answer {
        let request = HTTPRequest(
            method: method, target: try HTTPTarget(Array((target.hasPrefix("/") ? target : "/api/v1/" + target).utf8)),
            headers: headers,
            body: Array(body.utf8), listener: listener)
        let handler = handler
        return try await onThread { try Self.answer(handler.reply(to: request)) }
    }

    /// Waits for a reply and takes its body piece by piece, as the server would.
    private static func answer(_ reply: HTTPReply) throws -> Answer {
        let response: HTTPResponse
        switch reply {
        case .response(let ready): response = ready
        case .deferred(let start):
            let box = ReplyBox()
            start { box.deliver($0) }
            response = try #require(box.wait())
        }
        var body: [UInt8] = []
        switch response.body {
        case .bytes(let bytes): body = bytes
        case .stream(_, let next):
            // It is only woken, and nothing is asked of the connection that this would stand for.
            guard let nowhere = unsafe OpaquePointer(bitPattern: 1) else { preconditionFailure("1 is not null") }
            let waker = unsafe HTTPStreamWaker(ConnectionGate(nowhere))
            loop: while true {
                switch try next(waker) {
                case .bytes(let piece): body += piece
                case .later: usleep(100)
                case .end: break loop
                }
            }
        }
        return Answer(status: response.status, headers: response.headers, body: body)
    }

    /// Adds a file to the library and waits until it is in the index.
    @discardableResult
    func add(_ name: String, _ bytes: [UInt8]) async throws -> FileObject {
        let path = library.appending(name)
        try makeDirectory(path.parent)
        try writeFile(path, bytes)
        try setAge(path, seconds: 3600)
        try await sync()
        let answer = try await get("files?path_base64=\(base64(path))", as: FilesAnswer.self)
        return try #require(answer.files.first)
    }

    func base64(_ path: FilePath) -> String {
        Data(path.bytes).base64EncodedString().replacing("+", with: "%2B")
    }

    func sync() async throws {
        let indexer = indexer
        let outcome = try await onThread { indexer.sync(hashed: true, milliseconds: 60_000) }
        #expect(outcome.isSynced)
    }
}

/// One response, from any thread to the one that waits.
private final class ReplyBox: Sendable {
    private let response = Mutex<HTTPResponse?>(nil)
    private let condition = Condition()

    func deliver(_ response: HTTPResponse) {
        self.response.withLock { $0 = response }
        condition.broadcast()
    }

    /// Nil when none came within a minute.
    func wait() -> HTTPResponse? {
        condition.wait(until: .now.advanced(milliseconds: 60_000)) { response.withLock { $0 != nil } }
        return response.withLock { $0 }
    }
}

/// Runs `body` with the API over an empty library.
func withAPI(
    access: AccessRules = AccessRules(hosts: [], token: nil), configured: (inout IndexingSettings) -> Void = { _ in },
    _ body: (APIFixture) async throws -> Void
) async throws {
    try await TakingTurns.watching.run {
        try await withIdleAPI(access: access, configured: configured) { api in
            let indexer = api.indexer
            try await onThread { try indexer.start() }
            do {
                try await body(api)
            } catch {
                try await onThread { indexer.stop() }
                throw error
            }
            try await onThread { indexer.stop() }
        }
    }
}

/// Runs `body` with the API over an index that was not started and knows of no root.
func withIdleAPI(
    access: AccessRules = AccessRules(hosts: [], token: nil), configured: (inout IndexingSettings) -> Void = { _ in },
    _ body: (APIFixture) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let fixture = try APIFixture(directory, access: access, configured: configured)
        let catalog = fixture.catalog
        do {
            try await body(fixture)
        } catch {
            try await onThread { catalog.close() }
            throw error
        }
        try await onThread { catalog.close() }
    }
}

/// Runs `body` with the API over an empty library, served on a Unix socket.
func withServedAPI(_ body: (APIFixture, FilePath, HTTPRequestServer) async throws -> Void) async throws {
    try await withAPI { api in
        let socket = api.library.parent.appending("socket")
        // What the index has to tell of its start is told before anybody follows.
        let indexer = api.indexer
        _ = try await onThread { indexer.sync(hashed: true, milliseconds: 60_000) }
        let server = HTTPRequestServer(handler: api.handler)
        try serve(server, at: socket)
        do {
            try await body(api, socket, server)
        } catch {
            try await onThread { server.stop() }
            throw error
        }
        try await onThread { server.stop() }
    }
}

/// Apart from the asynchronous function, where the compiler does not get through a value without copies.
private func serve(_ server: HTTPRequestServer, at path: FilePath) throws {
    let listener = try UnixSocket.listen(at: path, mode: 0o600)
    try server.serve(listener.takeDescriptor(), as: .unix)
}

/// Runs blocking work on a thread of its own and gives its result without blocking the cooperative pool.
func onThread<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) async throws -> Success {
    try await withCheckedThrowingContinuation { continuation in
        do {
            _ = try SystemThread(name: "test") { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A valid safetensors file with one tensor.
func safetensors(metadata: String) -> [UInt8] {
    let header = Array(
        #"{"__metadata__":\#(metadata),"t":{"dtype":"F16","shape":[8],"data_offsets":[0,16]}}"#.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
        + [UInt8](repeating: 1, count: 16)
}

/// The names of the keys of a JSON object.
func keys(_ json: [UInt8]) throws -> Set<String> { try WireJSON.decode(ObjectKeys.self, from: Data(json)).names }

private struct ObjectKeys: Decodable {
    let names: Set<String>

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        names = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
    }
}
