import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(2))) struct TCPListenerTests {
    @Test func servesOnALoopbackPort() async throws {
        let handler = ClosureHandler { text("\($0.listener) \($0.header("host") ?? "")") }
        let server = HTTPRequestServer(handler: handler)
        let descriptor = try TCPListener.listen(host: "127.0.0.1", port: 0)
        let port = try TCPListener.port(of: descriptor)
        try server.serve(descriptor, as: .tcp)
        let answer = try await onOwnThread("test") {
            defer { server.stop() }
            let client = try TestClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: somebody:1\r\n\r\n")
            return try client.receive().text
        }
        #expect(answer == "tcp somebody:1")
    }

    @Test func takenPortIsAnError() throws {
        let descriptor = try TCPListener.listen(host: "127.0.0.1", port: 0)
        let port = try TCPListener.port(of: descriptor)
        #expect {
            _ = try TCPListener.listen(host: "127.0.0.1", port: port)
        } throws: { ($0 as? SystemError)?.errno == .addressInUse }
    }

    @Test func namesAreNoAddresses() {
        #expect {
            _ = try TCPListener.listen(host: "localhost", port: 0)
        } throws: { ($0 as? SystemError)?.errno == .invalidArgument }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("0.0.0.0", false), ("::", false),
        ("128.0.0.1", false),
        ("::2", false), ("localhost", false), ("", false),
    ])
    func loopbackIsToldFromTheRest(_ host: String, _ isLoopback: Bool) {
        #expect(TCPListener.isLoopback(host: host) == isLoopback)
    }

    @Test func serverThatHasStoppedServesNothingMore() async throws {
        let server = HTTPRequestServer(handler: ClosureHandler { _ in text("fine") })
        try await onOwnThread("test") {
            server.stop()
            #expect {
                try server.serve(try TCPListener.listen(host: "127.0.0.1", port: 0), as: .tcp)
            } throws: { ($0 as? SystemError)?.errno.rawValue == ESHUTDOWN }
        }
    }
}
