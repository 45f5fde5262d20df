import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// One of the two ways to the API of a running daemon, byte for byte.
struct APIDoor: Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case unix, tcp
    }

    fileprivate static let token = "s3cret"

    let kind: Kind
    let process: Int32
    private let socket: FilePath
    private let port: UInt16

    fileprivate init(_ kind: Kind, _ daemon: RunningDaemon) throws {
        self.kind = kind
        process = daemon.process.id
        socket = daemon.place.socket
        port = try #require(try listeningPort(ofProcess: daemon.process.id))
    }

    var description: String { kind.rawValue }

    func connect() throws -> TestClient { kind == .unix ? try TestClient(socket) : try TestClient(port: port) }

    /// The bytes of a request that may do everything. A body is sent with its length.
    func request(_ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil) -> [UInt8] {
        var lines =
            ["\(method) \(target) HTTP/1.1", "Host: localhost", "Authorization: Bearer \(Self.token)"] + headers
        if let body { lines.append("Content-Length: \(body.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
    }

    /// The answer to a request on a connection of its own.
    func ask(
        _ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil
    ) throws -> RawResponse {
        let client = try connect()
        // The daemon may be done with it before all of it is sent.
        try? client.send(request(method, target, headers: headers, body: body))
        return try client.receive(isHead: method == "HEAD")
    }

    /// Checks that the next client is answered.
    func expectAnswer(after what: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let answer = try ask("GET", "/api/v1/status")
        #expect(answer.status == 200, "after \(what)", sourceLocation: sourceLocation)
        #expect(answer.text.contains("uptime_seconds"), "after \(what)", sourceLocation: sourceLocation)
    }

    /// How many descriptors the daemon has open: sockets, and others. Those that it closes meanwhile do not count.
    func descriptors() throws -> (sockets: Int, others: Int) {
        let directory = FilePath("/proc/\(process)/fd")
        let targets = try directoryNames(directory).map { linkTarget(directory.appending($0)) }
            .filter { !$0.isEmpty }
        let sockets = targets.count { $0.hasPrefix("socket:") }
        return (sockets, targets.count - sockets)
    }

    /// Waits until the daemon has no more sockets than this; what it has open at the end.
    func waitForSockets(atMost limit: Int) throws -> (sockets: Int, others: Int) {
        let deadline = MonotonicTime.now.advanced(milliseconds: RunningDaemon.eventMilliseconds)
        while true {
            let count = try descriptors()
            if count.sockets <= limit || MonotonicTime.now >= deadline { return count }
            usleep(50_000)
        }
    }
}

extension RawResponse {
    /// Checks that it is an error of the API with the code of its status; says so in a word.
    func expectFailure(_ what: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(header("Content-Type") == "application/json", "\(what): \(text)", sourceLocation: sourceLocation)
        let failure = try WireJSON.decode(APIFailure.self, from: Data(body))
        let code = APIErrorCode(rawValue: failure.code)
        #expect(!failure.success, "\(what)", sourceLocation: sourceLocation)
        #expect(code?.status == status, "\(what): \(text)", sourceLocation: sourceLocation)
        #expect(!failure.error.isEmpty, "\(what)", sourceLocation: sourceLocation)
    }
}

/// Runs `body` on a thread of its own with a daemon that has indexed so many files.
func withAPIDoor(
    _ kind: APIDoor.Kind, files: Int = 3, _ body: @escaping @Sendable (APIDoor) throws -> Void
) async throws {
    try await withPlace { place in
        for number in 0..<files { try place.addFile("model-\(number).ckpt", "model \(number)") }
        let token = place.directory.appending("token")
        try writeFile(token, APIDoor.token)
        chmodPath(token, 0o600)
        try place.configure("http: {listen: \"127.0.0.1:0\", token_file: \"\(token)\"}")
        try await withDaemon(place) { daemon in
            try await daemon.sync()
            let door = try APIDoor(kind, daemon)
            do {
                try await onOwnThread("client") { try body(door) }
            } catch {
                throw IntegrationFailure("\(kind): \(error); kikod logged:\n\(daemon.logText)")
            }
        }
    }
}
