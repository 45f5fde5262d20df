import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// The API on TCP, where any process and any web page can knock.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TCPTests {
    /// An address may come with the network: the service manager has to try again.
    @Test func addressThatIsNotThereYetMayCome() async throws {
        try await withPlace { place in
            // 192.0.2.0/24 belongs to nobody (RFC 5737).
            try writeFile(place.directory.appending("token"), "a-token-that-is-long-enough\n")
            try place.configure(
                "http: {listen: \"192.0.2.1:3000\", token_file: \"\(place.directory.appending("token"))\"}")
            let result = try await runDaemon(place)
            #expect(result.status == 69)
            #expect(result.errors.hasPrefix("kikod: cannot listen on 192.0.2.1:3000: "), "\(result.errors)")
        }
    }

    @Test func withoutATokenOnlyReadingIsServed() async throws {
        try await withPlace { place in
            try place.addFile("a.ckpt", "hello world")
            try place.configure("http: {listen: \"127.0.0.1:0\"}")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let port = try #require(try listeningPort(ofProcess: daemon.process.id))
                let files = try await request(port: port, "GET", "/api/v1/files")
                #expect(files.status == 200)
                #expect(files.text.contains("B94D27B993"))
                let digest = #"{"hashes":["B94D27B993"]}"#
                #expect(try await request(port: port, "POST", "/api/v1/lookup", body: digest).status == 200)
                #expect(try await request(port: port, "POST", "/api/v1/sync", body: "{}").status == 200)
                let scan = try await request(port: port, "POST", "/api/v1/scan", body: "{}")
                #expect(scan.status == 401)
                #expect(scan.text.contains("unauthorized"))
                #expect(!scan.text.lowercased().contains("access-control-allow"))
            }
        }
    }

    @Test func hostThatIsNotThisMachinesIsRefused() async throws {
        try await withPlace { place in
            try place.configure("http: {listen: \"127.0.0.1:0\", hosts: [host.docker.internal]}")
            try await withDaemon(place) { daemon in
                let port = try #require(try listeningPort(ofProcess: daemon.process.id))
                for host in [
                    "evil.example", "evil.example:\(port)", "127.0.0.1.evil.example", "localhost.evil.example", "",
                ] {
                    let answer = try await request(port: port, "GET", "/api/v1/status", host: host)
                    #expect(answer.status == 403, "\(host)")
                    #expect(!answer.text.contains("uptime_seconds"))
                }
                for host in ["localhost:\(port)", "127.0.0.1", "[::1]:\(port)", "host.docker.internal:\(port)"] {
                    #expect(try await request(port: port, "GET", "/api/v1/status", host: host).status == 200, "\(host)")
                }
            }
        }
    }

    @Test func tokenOpensEverythingAndNothingElseDoes() async throws {
        try await withPlace { place in
            let token = place.directory.appending("token")
            try writeFile(token, "s3cret\n")
            chmodPath(token, 0o600)
            try place.configure("http: {listen: \"127.0.0.1:0\", token_file: \"\(token)\"}")
            try await withDaemon(place) { daemon in
                let port = try #require(try listeningPort(ofProcess: daemon.process.id))
                for wrong in [nil, "", "s3cre", "s3crett", "S3CRET"] {
                    #expect(try await request(port: port, "GET", "/api/v1/status", token: wrong).status == 401)
                    #expect(
                        try await request(port: port, "POST", "/api/v1/scan", token: wrong, body: "{}").status == 401)
                }
                #expect(try await request(port: port, "GET", "/api/v1/status", token: "s3cret").status == 200)
                #expect(
                    try await request(port: port, "POST", "/api/v1/scan", token: "s3cret", body: "{}").status == 202)
                // The token never shows in the log, and the Unix socket needs none.
                #expect(!daemon.logText.contains("s3cret"))
                #expect(try await daemon.status().state == "ready")
            }
        }
    }

    @Test func faultyRequestsGetTheErrorsOfTheAPI() async throws {
        try await withPlace { place in
            let token = place.directory.appending("token")
            try writeFile(token, "s3cret\n")
            chmodPath(token, 0o600)
            try place.configure("http: {listen: \"127.0.0.1:0\", token_file: \"\(token)\"}")
            try await withDaemon(place) { daemon in
                let port = try #require(try listeningPort(ofProcess: daemon.process.id))
                let cases: [(method: String, target: String, body: String?, status: Int, code: String)] = [
                    ("GET", "/", nil, 404, "not_found"), ("GET", "/api/v1/nothing", nil, 404, "not_found"),
                    ("GET", "/api/v1/files/999", nil, 404, "not_found"),
                    ("GET", "/api/v1/files?colour=blue", nil, 400, "bad_request"),
                    ("GET", "/api/v1/files?limit=many", nil, 400, "bad_request"),
                    ("GET", "/api/v1/lookup?hash=123", nil, 400, "bad_request"),
                    ("GET", "/api/v1/lookup?hash=12345678", nil, 404, "not_found"),
                    ("DELETE", "/api/v1/files", nil, 405, "method_not_allowed"),
                    ("POST", "/api/v1/lookup", "[]", 400, "bad_request"),
                    ("POST", "/api/v1/lookup", String(repeating: " ", count: (1 << 20) + 1), 413, "too_large"),
                ]
                for (method, target, body, status, code) in cases {
                    let answer = try await request(port: port, method, target, token: "s3cret", body: body)
                    #expect(answer.status == status, "\(method) \(target)")
                    #expect(answer.text.contains(#""code":"\#(code)""#), "\(method) \(target): \(answer.text)")
                    #expect(answer.text.contains(#""success":false"#))
                }
            }
        }
    }
}
