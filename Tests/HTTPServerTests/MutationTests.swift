import LinuxSystem
import TestSupport
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(2))) struct MutationTests {
    private static let requests = [
        "GET /a%20b?c=d&e=%26 HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n",
        "HEAD / HTTP/1.0\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody",
        "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n",
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: h\r\n\r\n",
    ]

    @Test(arguments: [UInt64.random(in: .min ... .max), .random(in: .min ... .max)])
    func mutatedRequestsDoNoHarm(_ seed: UInt64) async throws {
        let answered = try await withServer({ request in
            if request.path == ["wait"] { return .deferred { $0(HTTPResponse()) } }
            return text("\(request.path) \(request.body.count)")
        }) { path, _ in
            var mutation = RequestMutation(seed: seed)
            var answered = 0
            for _ in 0..<500 {
                let bytes = mutation.next(of: Self.requests)
                let client = try TestClient(path)
                // The server may be done with it before all of it is sent.
                try? client.send(bytes)
                let next = try TestClient(path)
                try next.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try next.receive().text == #"["next"] 0"#, "seed \(seed), after \(bytes.prefix(500))")
                // The server has one thread, which came to the mutated request first.
                if client.receiveAvailable().starts(with: "HTTP/1.1 ".utf8) { answered += 1 }
            }
            return answered
        }
        // Some are still requests, or are told that they are none.
        #expect(answered > 0, "seed \(seed)")
    }
}
