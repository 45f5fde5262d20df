internal import CMicroHTTPD
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// One request and its response, from the request line until the engine lets go of both.
///
/// All of it runs on the thread of the connection's engine; other threads hold the gate or the deferred reply only.
final class Exchange: Sendable {
    private struct State {
        var method: String?
        var headers: [HTTPField] = []
        var body: [UInt8] = []
        /// Bytes of the body beyond the limit, which were read and dropped.
        var dropped = 0
        var isAsked = false
        var deferred: DeferredReply?
    }

    private let core: ServerCore
    private let kind: ListenerKind
    private let target: Result<HTTPTarget, HTTPTarget.Fault>
    private let gate: ConnectionGate
    private let state = Mutex(State())

    init(core: ServerCore, kind: ListenerKind, target: Result<HTTPTarget, HTTPTarget.Fault>, gate: ConnectionGate) {
        self.core = core
        self.kind = kind
        self.target = target
        self.gate = gate
    }

    /// True once the headers have been taken.
    var hasHead: Bool { state.withLock { $0.method != nil } }

    /// Takes the method and the headers; false when the connection has to be closed.
    func take(method: String, headers: [HTTPField]) -> Bool {
        state.withLock {
            $0.method = method
            $0.headers = headers
        }
        // The engine would take everything until the connection's end for the body.
        if headers.contains(where: {
            equalIgnoringCase($0.name, "Transfer-Encoding") && !equalIgnoringCase($0.value, "chunked")
        }) {
            return send(core.handler.failure(status: 400, reason: "the request's transfer coding is not chunked"))
        }
        guard let field = headers.first(where: { equalIgnoringCase($0.name, "Content-Length") }),
            let length = Int(field.value)
        else { return true }
        // Refused before it is sent, where the client says how much it will be.
        guard length <= core.limits.body else { return send(tooLarge) }
        state.withLock { $0.body.reserveCapacity(max(0, length)) }
        return true
    }

    /// Takes a part of the body; false when the connection has to be closed.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            if state.dropped == 0, bytes.count <= core.limits.body - state.body.count {
                unsafe state.body.append(contentsOf: bytes)
                return true
            }
            // The engine takes no response amid a body. A client that is only a little over the limit gets its 413 at
            // the end, one that sends without end does not.
            state.body = []
            state.dropped += bytes.count
            return state.dropped / 4 <= core.limits.body
        }
    }

    /// The request is complete, or the deferred reply has arrived; false when the connection has to be closed.
    func proceed() -> Bool {
        let (isFirst, deferred, dropped) = state.withLock { state in
            defer { state.isAsked = true }
            return (!state.isAsked, state.deferred, state.dropped)
        }
        guard isFirst else { return send(deferred?.response ?? stopping) }
        let target: HTTPTarget
        switch self.target {
        case .success(let value): target = value
        case .failure(let fault): return send(core.handler.failure(status: 400, reason: fault.reason))
        }
        guard dropped == 0 else { return send(tooLarge) }
        guard core.enter(gate) else { return send(stopping) }
        // Not before: the server's end waits for this, and refuses what has not entered by then.
        gate.awaits(nil)
        switch core.handler.reply(to: request(target)) {
        case .response(let response): return send(response)
        case .deferred(let start):
            let deferred = DeferredReply(gate: gate)
            state.withLock { $0.deferred = deferred }
            let handler = core.handler
            start(deferred.completion { handler.failure(status: 500, reason: "the request was abandoned") })
            return gate.rest() || send(deferred.response ?? stopping)
        }
    }

    /// The engine is done with the request.
    func finish() {
        gate.finish()
        core.leave(gate)
    }

    private func request(_ target: HTTPTarget) -> HTTPRequest {
        var request = state.withLock { state in
            let body = state.body
            state.body = []
            return HTTPRequest(
                method: state.method ?? "", target: target, headers: state.headers, body: body, listener: kind)
        }
        // It takes a system call, and questions come by the ten thousand.
        if kind == .unix, request.method != "GET", request.method != "HEAD" {
            request.peer = try? PeerCredentials.of(socket: unsafe microhttpd_socket(gate.connection))
        }
        return request
    }

    private var tooLarge: HTTPResponse {
        core.handler.failure(status: 413, reason: "the request's body is longer than \(core.limits.body) bytes")
    }

    private var stopping: HTTPResponse {
        var response = core.handler.failure(status: 503, reason: "the server is stopping")
        response.headers.append(HTTPField("Connection", "close"))
        return response
    }

    private func send(_ response: HTTPResponse) -> Bool {
        let isHead = state.withLock { $0.method == "HEAD" }
        guard let response = EngineResponse(response, isHead: isHead, gate: gate, logger: core.logger) else {
            return false
        }
        gate.awaits(.taking)
        return response.queue(on: gate)
    }
}
