import HTTPServer
import IndexAPI
import Testing

@testable import APIServer

/// Who may ask what.
@Suite struct AccessTests {
    private static let open = AccessRules(hosts: ["Host.Docker.Internal"], token: nil)
    private static let closed = AccessRules(hosts: [], token: Array("secret".utf8))

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:3000", true), ("kikod.localhost", true), ("127.0.0.1", true),
        ("127.0.0.1:3000", true), ("127.9.9.9", true), ("[::1]", true), ("[::1]:3000", true),
        ("host.docker.internal:3000", true), ("HOST.DOCKER.INTERNAL", true), ("", false), ("example.org", false),
        ("localhost.example.org", false), ("notlocalhost", false), ("127.0.0.1.example.org", false),
        ("[::2]", false), ("192.168.1.1", false), ("[::1", false), ("0.0.0.0", false), (":3000", false),
        ("example.org:127.0.0.1", false),
    ])
    func onTCPTheHostIsALoopbackNameOrConfigured(host: String, isAccepted: Bool) {
        let problem = Self.open.hostProblem(with: request(headers: [HTTPField("Host", host)]))
        #expect((problem == nil) == isAccepted)
        #expect(problem == nil || problem?.code == .forbidden)
    }

    @Test func withoutAHostNothingIsAnswered() {
        #expect(Self.open.hostProblem(with: request(headers: []))?.code == .forbidden)
    }

    @Test func withoutATokenChangesAreRefused() {
        let headers = [HTTPField("Host", "localhost")]
        #expect(Self.open.tokenProblem(with: request(headers: headers), writes: false) == nil)
        #expect(Self.open.tokenProblem(with: request(headers: headers), writes: true)?.code == .unauthorized)
    }

    @Test(arguments: [
        ("Bearer secret", true), ("bearer secret", true), ("Bearer secre", false), ("Bearer secret2", false),
        ("Bearer Secret", false), ("secret", false), ("Basic secret", false), ("Bearer ", false), ("", false),
    ])
    func withATokenEveryRequestNeedsIt(authorization: String, isAccepted: Bool) {
        let headers = [HTTPField("host", "localhost"), HTTPField("authorization", authorization)]
        for writes in [true, false] {
            let problem = Self.closed.tokenProblem(with: request(headers: headers), writes: writes)
            #expect((problem == nil) == isAccepted)
            #expect(problem == nil || problem?.code == .unauthorized)
        }
    }

    @Test func onTheSocketThePermissionsOfTheFileHaveDecided() {
        let request = HTTPRequest(method: "POST", target: .status, listener: .unix)
        #expect(Self.closed.tokenProblem(with: request, writes: true) == nil)
    }

    @Test func comparingTakesEveryByteIntoAccount() {
        #expect(AccessRules.isEqual([1, 2], [1, 2]))
        #expect(!AccessRules.isEqual([1, 3], [1, 2]))
        #expect(!AccessRules.isEqual([1], [1, 2]))
        #expect(!AccessRules.isEqual([1, 2, 0], [1, 2]))
        #expect(!AccessRules.isEqual([], [0]))
    }

    @Test func routesThatOnlyReadAreServedWithoutAToken() async throws {
        try await withAPI(access: Self.open) { api in
            let host = [HTTPField("Host", "localhost")]
            func status(_ method: String, _ target: String, _ body: String = "") async throws -> Int {
                try await api.send(method, target, body: body, listener: .tcp, headers: host).status
            }
            #expect(try await status("GET", "status") == 200)
            #expect(try await status("HEAD", "status") == 200)
            #expect(try await status("POST", "lookup", #"{"hashes":[]}"#) == 200)
            #expect(try await status("POST", "sync") == 200)
            #expect(try await status("POST", "scan") == 401)
            #expect(try await status("GET", "nothing") == 404)
            #expect(try await status("POST", "nothing") == 404)
            #expect(try await status("DELETE", "files") == 405)
            let refused = try await api.send("POST", "scan", listener: .tcp, headers: host)
            #expect(refused.header("WWW-Authenticate") == "Bearer")
            let stranger = try await api.send(
                "GET", "status", listener: .tcp, headers: [HTTPField("Host", "evil.example")])
            #expect(stranger.status == 403)
            #expect(stranger.header("Access-Control-Allow-Origin") == nil)
        }
    }

    @Test func withATokenChangesAreServed() async throws {
        try await withAPI(access: Self.closed) { api in
            let headers = [HTTPField("Host", "localhost"), HTTPField("Authorization", "Bearer secret")]
            let change = try await api.send("POST", "scan", listener: .tcp, headers: headers)
            #expect(change.status == 202)
            #expect(try await api.send("GET", "status", listener: .tcp, headers: headers).status == 200)
            #expect(try await api.send("GET", "status", listener: .tcp, headers: [headers[0]]).status == 401)
            for (method, target, code) in [("POST", "nothing", 404), ("POST", "status", 405)] {
                let answer = try await api.send(method, target, listener: .tcp, headers: [headers[0]])
                #expect(answer.status == code)
            }
            #expect(try await api.send("GET", "status").status == 200)
        }
    }

    private func request(headers: [HTTPField]) -> HTTPRequest {
        HTTPRequest(method: "GET", target: .status, headers: headers, listener: .tcp)
    }
}

extension HTTPTarget {
    fileprivate static var status: HTTPTarget {
        guard let target = try? HTTPTarget(Array("/api/v1/status".utf8)) else { preconditionFailure("it is a path") }
        return target
    }
}
