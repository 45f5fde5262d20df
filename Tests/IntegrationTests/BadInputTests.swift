import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Requests that no well-meaning client sends, and what is answered.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadInputTests {
    private static let long = String(repeating: "a", count: 10_000)

    /// Well-formed HTTP that means nothing to the API.
    private static let requests: [(method: String, target: String, status: Int)] = [
        ("GET", "/", 404), ("GET", "/api/v1/nothing", 404), ("PUT", "/api/v1/nothing", 404),
        ("GET", "/api/v1/files?colour=blue", 400), ("GET", "/api/v1/status?", 200),
        ("GET", "/api/v1/files?limit=-1", 400), ("GET", "/api/v1/files?offset=-9223372036854775808", 400),
        ("GET", "/api/v1/files?limit=9223372036854775807&offset=9223372036854775807", 200),
        ("GET", "/api/v1/files?limit=9223372036854775808", 400), ("GET", "/api/v1/files?limit=1e9", 400),
        ("GET", "/api/v1/files/-1", 400), ("GET", "/api/v1/files/0", 400), ("GET", "/api/v1/models/0", 400),
        ("GET", "/api/v1/files/9223372036854775808", 400), ("GET", "/api/v1/files/\(long)", 400),
        ("GET", "/api/v1/files?name=\(long)", 200), ("GET", "/api/v1/files?path=/\(long)", 200),
        ("GET", "/api/v1/files?\(long)=1", 400), ("GET", "/\(long)", 404),
        ("GET", "/api/v1/lookup?hash=\(long)", 400), ("GET", "/api/v1/triggers?path=/\(long)", 404),
        ("GET", "/api/v1/files?" + String(repeating: "a=1&", count: 2500), 400),
        ("GET", "/api/v1/files?" + String(repeating: "&", count: 10_000), 200),
        ("GET", "/api/v1/files?name=%00", 400), ("GET", "/api/v1/files/1%00", 400),
        ("GET", "/api/v1/files?name=%", 400), ("GET", "/api/v1/files?name=%4", 400),
        ("GET", "/api/v1/files?name=%zz", 400), ("GET", "/api/v1/%", 400), ("GET", "/api/v1/files?name=%FF", 400),
        ("GET", "/api/v1/files?name=%C3", 400), ("GET", "/api/v1/files?name=%ED%A0%80", 400),
        ("GET", "/api/v1/files?name=%C0%80", 400), ("GET", "status", 400), ("OPTIONS", "*", 400),
        ("CONNECT", "localhost:80", 400), ("GET", "http://localhost/api/v1/status", 200),
        ("PUT", "/api/v1/files", 405), ("DELETE", "/api/v1/files/1", 405), ("TRACE", "/api/v1/status", 405),
        ("OPTIONS", "/api/v1/status", 405), ("PATCH", "/api/v1/lookup", 405), ("POST", "/api/v1/status", 405),
        ("GET", "/api/v1/scan", 405), ("get", "/api/v1/status", 405), (long, "/api/v1/status", 405),
        ("POST", "/api/v1/lookup", 400),
    ]

    @Test(arguments: APIDoor.Kind.allCases)
    func requestsThatMeanNothingAreToldSo(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            for (method, target, status) in Self.requests {
                let what = "\(method.prefix(80)) \(target.prefix(80))"
                let answer = try door.ask(method, target)
                #expect(answer.status == status, "\(what): \(answer.text)")
                if answer.status >= 400 { try answer.expectFailure(what) }
                let allow = answer.header("Allow")?.split(separator: ", ") ?? []
                #expect(allow.isEmpty == (status != 405) && allow.contains("GET") == allow.contains("HEAD"), "\(what)")
                try door.expectAnswer(after: what)
            }
        }
    }

    @Test(arguments: APIDoor.Kind.allCases)
    func headIsAnsweredWithoutABody(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            for (target, status) in [
                ("status", 200), ("files", 200), ("files/1", 200), ("files/99", 404), ("files?limit=-1", 400),
                ("sync", 405), ("duplicates", 200),
            ] {
                let client = try door.connect()
                try client.send(door.request("HEAD", "/api/v1/\(target)"))
                let answer = try client.receive(isHead: true)
                #expect(answer.status == status, "\(target)")
                #expect(answer.header("Content-Type") == "application/json", "\(target)")
                guard answer.header("Connection") == nil else {
                    #expect(try client.receiveUntilClosed() == [], "\(target)")
                    continue
                }
                // Had it a body, this would not be the next that comes.
                try client.send(door.request("GET", "/api/v1/status"))
                #expect(try client.receive().text.contains("uptime_seconds"), "\(target)")
            }
        }
    }

    /// What is no well-formed request. The raw value names each in the test's output.
    enum Malformed: String, CaseIterable, Sendable {
        case controlCharacters, noTarget, noVersion, otherVersion, futureVersion, negativeLength, hugeLength,
            twoLengths, longerThanAllowed, lengthBeyondAllNumbers, unknownCoding, badChunk, hugeChunk, longTarget,
            longHeader, manyHeaders, noColon, nulInPath, nulInQuery, nulInMethod, nulInHeader, bareByte, tls

        /// The bytes, the status that they get, none where the connection is only closed, and whether it is told in JSON.
        func request(_ door: APIDoor) -> (bytes: [UInt8], status: Int?, isJSON: Bool) {
            let long = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
            func get(_ header: String) -> [UInt8] { door.request("GET", "/api/v1/status", headers: [header]) }
            func chunked(_ body: String) -> [UInt8] {
                door.request("POST", "/api/v1/sync", headers: ["Transfer-Encoding: chunked"]) + Array(body.utf8)
            }
            return switch self {
            case .controlCharacters: ([1, 2, 3] + Array("\r\n\r\n".utf8), nil, false)
            case .noTarget: (Array("GET\r\n\r\n".utf8), nil, false)
            case .noVersion: (Array("GET /api/v1/status\r\n\r\n".utf8), 400, false)
            case .otherVersion: (Array("GET / HTTX/1.1\r\n\r\n".utf8), 400, false)
            case .futureVersion: (Array("GET / HTTP/9.9\r\n\r\n".utf8), 505, false)
            case .negativeLength: (get("Content-Length: -5"), 400, false)
            case .hugeLength: (get("Content-Length: 99999999999999999999"), 413, false)
            case .twoLengths: (get("Content-Length: 2\r\nContent-Length: 3") + Array("{}x".utf8), 200, true)
            case .longerThanAllowed:
                (door.request("POST", "/api/v1/sync", body: [UInt8](repeating: 0x20, count: 2_000_000)), 413, true)
            case .lengthBeyondAllNumbers: (get("Content-Length: 9223372036854775807"), 413, true)
            case .unknownCoding: (get("Transfer-Encoding: gzip"), 400, true)
            case .badChunk: (chunked("zz\r\n"), 400, false)
            case .hugeChunk: (chunked("fffffffffffffffffff\r\n"), 413, false)
            case .longTarget: (Array("GET /".utf8) + long + Array(" HTTP/1.1\r\n\r\n".utf8), 414, false)
            case .longHeader: (get("X: " + String(decoding: long, as: UTF8.self)), 431, false)
            case .manyHeaders: (get(String(repeating: "X: y\r\n", count: 20_000) + "Z: z"), 431, false)
            case .noColon: (get("nonsense"), 400, false)
            case .nulInPath: (door.request("GET", "/api/v1/status\0x"), 400, true)
            case .nulInQuery: (door.request("GET", "/api/v1/files?name=x\0y"), 400, true)
            case .nulInMethod: (door.request("G\0T", "/api/v1/status"), 405, true)
            case .nulInHeader: (get("X\0Y: z"), 400, false)
            case .bareByte:
                (
                    Array("GET /api/v1/files?name=".utf8) + [0xFF]
                        + Array(" HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), 400, true
                )
            case .tls: ([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + Array(0...255), nil, false)
            }
        }
    }

    @Test(arguments: APIDoor.Kind.allCases)
    func malformedRequestsEndTheirOwnConnectionOnly(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            for malformed in Malformed.allCases {
                let (bytes, status, isJSON) = malformed.request(door)
                let client = try door.connect()
                try? client.send(bytes)
                if let status {
                    let answer = try client.receive()
                    #expect(answer.status == status, "\(malformed)")
                    if isJSON, status >= 400 { try answer.expectFailure("\(malformed)") }
                } else {
                    client.finishSending()
                    #expect(try client.receiveUntilClosed() == [], "\(malformed)")
                }
                try door.expectAnswer(after: "\(malformed)")
            }
        }
    }

    @Test(arguments: APIDoor.Kind.allCases)
    func pipelinedRequestsAreAnsweredInOrder(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            let client = try door.connect()
            // Answers that are made at once, later, and piece by piece, and refusals.
            let targets = ["files/1", "files?limit=-1", "files/2", "duplicates", "nothing", "files", "files/3"]
            let expected = try targets.map { try door.ask("GET", "/api/v1/\($0)") }
            for _ in 0..<20 { try client.send(targets.flatMap { door.request("GET", "/api/v1/\($0)") }) }
            for number in 0..<20 * targets.count {
                let (answer, wanted) = (try client.receive(), expected[number % targets.count])
                #expect((answer.status, answer.text) == (wanted.status, wanted.text), "\(number)")
            }
        }
    }

    @Test(arguments: APIDoor.Kind.allCases, [UInt64.random(in: .min ... .max)])
    func mutatedRequestsDoNoHarm(_ kind: APIDoor.Kind, _ seed: UInt64) async throws {
        try await withAPIDoor(kind) { door in
            let requests =
                APIRoute.all.filter { !$0.writes }.map { route in
                    let target = route.path(id: 1) + (route.query.first.map { "?\($0.name)=1" } ?? "")
                    let body = route.body.isEmpty ? nil : Array(#"{"\#(route.body[0].name)":1}"#.utf8)
                    return String(
                        decoding: door.request(route.method.rawValue, target, body: body), as: UTF8.self)
                }
            var mutation = RequestMutation(seed: seed)
            for number in 0..<200 {
                let client = try door.connect()
                let bytes = mutation.next(of: requests)
                try? client.send(bytes)
                if number % 10 == 9 { try door.expectAnswer(after: "seed \(seed), \(bytes.prefix(1000))") }
            }
            try door.expectAnswer(after: "seed \(seed)")
        }
    }
}
