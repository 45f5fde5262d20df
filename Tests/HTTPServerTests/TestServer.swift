import LinuxSystem
import Synchronization
import TestSupport

@testable import HTTPServer

/// A handler out of a closure, whose failures are JSON.
struct ClosureHandler: HTTPRequestHandler {
    let answer: @Sendable (HTTPRequest) -> HTTPReply

    func reply(to request: HTTPRequest) -> HTTPReply { answer(request) }

    func failure(status: Int, reason: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [HTTPField("Content-Type", "application/json")],
            body: .bytes(Array(#"{"success":false,"error":"\#(reason)"}"#.utf8)))
    }
}

func text(_ text: String, status: Int = 200) -> HTTPReply {
    .response(HTTPResponse(status: status, body: .bytes(Array(text.utf8))))
}

/// Serves on a Unix socket while `body` runs on a thread of its own, and stops afterwards.
func withServer<Result: Sendable>(
    limits: HTTPServerLimits = HTTPServerLimits(), _ answer: @escaping @Sendable (HTTPRequest) -> HTTPReply,
    _ body: @escaping @Sendable (FilePath, HTTPRequestServer) throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { directory in
        let path = directory.appending("socket")
        let server = HTTPRequestServer(handler: ClosureHandler(answer: answer), limits: limits)
        try serve(server, at: path)
        return try await onOwnThread("test") {
            defer { server.stop() }
            return try body(path, server)
        }
    }
}

/// Apart from the asynchronous function, where the compiler does not get through a value without copies.
func serve(_ server: HTTPRequestServer, at path: FilePath) throws {
    let listener = try UnixSocket.listen(at: path, mode: 0o600)
    try server.serve(listener.takeDescriptor(), as: .unix)
}

/// A value that one thread sets and another waits for.
final class Event<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let condition = Condition()

    func set(_ new: Value) {
        value.withLock { $0 = new }
        condition.broadcast()
    }

    var isSet: Bool { value.withLock { $0 != nil } }

    /// Nil after a time that no healthy machine needs.
    func wait() -> Value? {
        condition.wait(until: .now.advanced(milliseconds: 60_000)) { value.withLock { $0 != nil } }
        return value.withLock { $0 }
    }
}

/// Sets an event when nobody holds it any more.
final class Token: Sendable {
    let released: Event<Bool>

    init(_ released: Event<Bool>) { self.released = released }

    deinit { released.set(true) }
}
