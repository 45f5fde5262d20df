import CivitAIRecords
import HTTPClient
import TestSupport
import Testing

@testable import CivitAI

/// What the network, its edge and the server do instead of answering.
@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    private func code(answering answer: @escaping @Sendable (String) -> TinyServer.Answer) throws -> CivitAIError.Code?
    {
        askForModel(try ClientFixture(answering: answer))?.code
    }

    @Test(
        arguments: [
            ("429 Too Many Requests", "{}", .rateLimited), ("429 Too Many Requests", "<html>", .rateLimited),
            (
                "429 Too Many Requests", #"{"error":"You've requested too many pages, please use cursors instead"}"#,
                .badRequest
            ),
            ("451 Unavailable For Legal Reasons", #"{"error":"no","code":"REGION_BLOCKED"}"#, .regionBlocked),
            ("403 Forbidden", "<html><title>Just a moment...</title></html>", .challenged),
            ("403 Forbidden", "<html>no</html>", .challenged), ("403 Forbidden", "error code: 1020", .challenged),
            (
                "503 Service Unavailable", "<!DOCTYPE html><script src=/cdn-cgi/challenge-platform/x></script>",
                .challenged
            ),
            ("200 OK", "<html>window._cf_chl_opt={}</html>", .challenged),
            ("503 Service Unavailable", "<html>maintenance</html>", .unavailable),
            ("503 Service Unavailable", #"{"error":"temporarily overloaded"}"#, .unavailable),
            ("500 Internal Server Error", #"{"message":"An unexpected error occurred","error":"..."}"#, .unavailable),
            ("520 Web Server Returned an Unknown Error", "<html>520</html>", .unavailable),
            ("524 A Timeout Occurred", "", .unavailable), ("408 Request Timeout", "", .unavailable),
            ("403 Forbidden", #"{"error":"Forbidden"}"#, .refused),
            ("401 Unauthorized", #"{"error":"Unauthorized"}"#, .refused),
            ("400 Bad Request", #"{"error":{"issues":[]}}"#, .badRequest),
            ("405 Method Not Allowed", "{}", .badRequest),
            ("418 I'm a teapot", "", .badRequest), ("400 Bad Request", "<html>400</html>", .malformed),
            ("413 Payload Too Large", "<html>413</html>", .tooLarge), ("204 No Content", "", .malformed),
            ("200 OK", "<html>parked</html>", .malformed), ("200 OK", "", .malformed), ("200 OK", "[]", .malformed),
            ("200 OK", #"{"id":1"#, .malformed), ("200 OK", #"{"id":null}"#, .malformed),
            ("200 OK", "\"x\"", .malformed),
            ("200 OK", #"{"id":1}}"#, .malformed), ("304 Not Modified", "", .redirected),
        ] as [(String, String, CivitAIError.Code)])
    func answersThatAreNone(status: String, body: String, code: CivitAIError.Code) throws {
        let fixture = try ClientFixture { _ in answer(status, body, type: "") }
        let error = askForModel(fixture)
        #expect(error?.code == code)
        #expect(error?.message.hasSuffix(".") == true && error?.message.contains("127.0.0.1") == true)
    }

    @Test func theEdgeTellsOfItsChallengeInTheHead() throws {
        let code = try code { _ in answer("403 Forbidden", "{}", headers: "cf-mitigated: challenge\r\n") }
        #expect(code == .challenged)
    }

    @Test(arguments: [("120", 120), ("soon", nil), ("-1", nil)] as [(String, Int64?)])
    func theServerSaysWhenToComeAgain(value: String, seconds: Int64?) throws {
        let fixture = try ClientFixture { _ in
            answer("503 Service Unavailable", "{}", headers: "Retry-After: \(value)\r\n")
        }
        #expect(askForModel(fixture)?.retryAfter == seconds.map { $0 * 1_000_000_000 })
    }

    @Test(arguments: [
        "", "{}", #"{"items":{}}"#, #"{"items":null}"#, #"{"item":[]}"#, "[]", #"{"items":[{"id":1}]"#,
        #"{"items":[1,]}"#,
        #"{"items":[]} x"#, "<html>", "null",
    ])
    func aListThatIsNoneIsNotUsedAtAll(body: String) throws {
        let fixture = try ClientFixture(json: body)
        let error = #expect(throws: CivitAIError.self) { try fixture.client.models(ids: [1]) }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: ["", "{}", "null", #"[{"id":1}"#, "[1,]", "[] x", "7"])
    func aListOfVersionsThatIsNoneIsNotUsedAtAll(body: String) throws {
        let digest = String(repeating: "0", count: 64)
        let fixture = try ClientFixture(json: body)
        for question in [
            { _ = try fixture.client.versions(forDigests: [digest]) },
            { _ = try fixture.client.candidates(forDigests: [digest]) },
        ] as [() throws -> Void] {
            #expect(#expect(throws: CivitAIError.self) { try question() }?.code == .malformed)
        }
    }

    // MARK: - The network

    @Test func nobodyIsThere() throws {
        // Port 9 of the loopback has no server; the domain "invalid" has no names (RFC 6761, section 6.4).
        let client = try CivitAIClient(baseURL: "http://127.0.0.1:9", userAgent: "k")
        #expect(#expect(throws: CivitAIError.self) { try client.model(id: 1) }?.code == .cannotConnect)
    }

    @Test func anAnswerThatIsCutOff() throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
        #expect(try code { _ in .last(Array((head + #"{"id":1}"#).utf8)) } == .connectionLost)
        #expect(try code { _ in .last([]) } == .connectionLost)
        // Without a length only the text itself tells.
        #expect(try code { _ in .last(Array(("HTTP/1.1 200 OK\r\n\r\n" + #"{"id":1,"name":"x"#).utf8)) } == .malformed)
        #expect(try code { _ in .last(Array("220 ready for mail\r\n".utf8)) } == .connectionLost)
    }

    @Test func aServerThatNeverAnswersOrDrips() throws {
        let silent = try ClientFixture(timeoutMilliseconds: 50) { _ in .nothing }
        #expect(askForModel(silent)?.code == .timedOut)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".utf8)
        let dripping = try ClientFixture(timeoutMilliseconds: 50) { _ in .drip(head, byte: 0x20, milliseconds: 5) }
        #expect(askForModel(dripping)?.code == .timedOut)
    }

    @Test func anAnswerThatIsTooLong() throws {
        let long = Array(okay(String(repeating: " ", count: 64 << 20)).utf8)
        #expect(try code { _ in .bytes(long) } == .tooLarge)
        #expect(try code { _ in .bytes(CompressedBytes.answer(CompressedBytes.zeros)) } == .tooLarge)
    }

    @Test func aCompressedAnswerIsRead() throws {
        // `{"id":1,"name":"packed"}`
        let packed: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
            0xAB, 0x56, 0xCA, 0x4C, 0x51, 0xB2, 0x32, 0xD4, 0x51, 0xCA, 0x4B, 0xCC, 0x4D, 0x55, 0xB2, 0x52,
            0x2A, 0x48, 0x4C, 0xCE, 0x4E, 0x4D, 0x51, 0xAA, 0x05, 0x00, 0xC4, 0x9C, 0x7C, 0xB2, 0x18, 0x00,
            0x00, 0x00,
        ]
        let fixture = try ClientFixture { _ in .bytes(CompressedBytes.answer(packed)) }
        #expect(try fixture.client.model(id: 1)?.record.name == "packed")
        #expect(fixture.server.requests.first?.contains("\r\nAccept-Encoding: ") == true)
    }

    @Test func aRedirectionIsNotFollowed() throws {
        let other = try TinyServer { _ in okay(#"{"id":1}"#) }
        let port = other.port
        let fixture = try ClientFixture(apiKey: "secret-key") { _ in
            answer("302 Found", "", headers: "Location: http://127.0.0.1:\(port)/api/v1/model-versions/1\r\n")
        }
        let error = #expect(throws: CivitAIError.self) { try fixture.client.version(id: 1) }
        #expect(error?.code == .redirected)
        #expect(fixture.server.requests.first?.contains("secret-key") == true)
        #expect(other.connections == 0)
    }

    @Test func aQuestionIsCancelledFromAnotherThread() throws {
        let cancellation = HTTPCancellation()
        let fixture = try ClientFixture(cancellation: cancellation) { _ in
            cancellation.cancel()
            return .nothing
        }
        #expect(askForModel(fixture)?.code == .cancelled)
        #expect(askForModel(fixture)?.code == .cancelled)
        #expect(fixture.server.requests.count == 1)
    }
}
