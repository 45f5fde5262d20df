import HTTPClient
import TestSupport
import Testing

@testable import CivitAI

/// Who gets to see the key.
@Suite struct KeyTests {
    private static let key = "s3cret-key"

    @Test func onlyQuestionsThatTakeAKeyGetIt() throws {
        let digest = String(repeating: "0", count: 64)
        let fixture = try ClientFixture(apiKey: Self.key) { request in
            answer("200 OK", request.hasPrefix("POST") ? "[]" : #"{"id":1,"items":[]}"#)
        }
        let client = fixture.client
        #expect(client.sendsKey)
        _ = try client.candidates(forDigests: [digest])
        _ = try client.versions(forDigests: [digest])
        _ = try client.model(id: 1)
        _ = try client.version(hash: digest)
        #expect(fixture.server.requests.allSatisfy { !$0.contains(Self.key) && !$0.contains("Authorization") })
        _ = try client.version(id: 1)
        _ = try client.models(ids: [1])
        #expect(try client.isKeyValid())
        let rest = fixture.server.requests.dropFirst(4)
        #expect(rest.count == 3)
        #expect(rest.allSatisfy { $0.contains("\r\nAuthorization: Bearer \(Self.key)\r\n") })
        #expect(rest.allSatisfy { !$0.prefix { $0 != "\r\n" }.contains(Self.key) }, "no key in an address")
    }

    @Test func withoutAKeyNothingIsSaidOfOne() throws {
        for key in [nil, ""] {
            let fixture = try ClientFixture(apiKey: key, json: #"{"id":1}"#)
            #expect(!fixture.client.sendsKey)
            _ = try fixture.client.version(id: 1)
            #expect(fixture.server.requests.first?.contains("Authorization") == false)
            let error = #expect(throws: CivitAIError.self) { try fixture.client.isKeyValid() }
            #expect(error?.code == .badRequest)
        }
    }

    @Test(arguments: [
        ("https://civitai.com", true), ("http://civitai.com", false), ("http://127.0.0.1:3000", true),
        ("http://localhost", true), ("http://[::1]:80", true), ("http://127.0.0.1.evil.example", false),
        ("http://10.0.0.1", false), ("http://127.1", false), ("HTTPS://civitai.com", true),
    ])
    func theKeyIsSentWhereNobodyCanReadIt(baseURL: String, isSent: Bool) throws {
        let client = try CivitAIClient(baseURL: baseURL, userAgent: "k", apiKey: Self.key)
        #expect(client.sendsKey == isSent)
        if !isSent {
            let error = #expect(throws: CivitAIError.self) { try client.isKeyValid() }
            #expect(error?.code == .badRequest)
        }
    }

    @Test func anUnknownKeyIsTold() throws {
        let unknown = try ClientFixture(
            apiKey: Self.key, status: "401 Unauthorized", json: #"{"error":"Unauthorized"}"#)
        #expect(try !unknown.client.isKeyValid())
        let banned = try ClientFixture(apiKey: Self.key, status: "403 Forbidden", json: #"{"error":"no"}"#)
        #expect(try !banned.client.isKeyValid())
        for (status, code) in [("500 Oh", CivitAIError.Code.unavailable), ("404 Not Found", .malformed)] {
            let fixture = try ClientFixture(apiKey: Self.key, status: status, json: #"{"error":"no"}"#)
            let error = #expect(throws: CivitAIError.self) { try fixture.client.isKeyValid() }
            #expect(error?.code == code)
        }
        let page = try ClientFixture(apiKey: Self.key) { _ in answer("200 OK", "<html>", type: "text/html") }
        #expect(throws: CivitAIError.self) { try page.client.isKeyValid() }
    }

    @Test func theKeyIsShownNowhere() throws {
        // A server that repeats what it got.
        let fixture = try ClientFixture(apiKey: Self.key) { _ in
            answer("400 Bad Request", #"{"error":"Bearer \#(Self.key) is\u0007 wrong"}"#)
        }
        let error = #expect(throws: CivitAIError.self) { try fixture.client.version(id: 1) }
        #expect(error?.message.contains("Bearer … is  wrong") == true)
        #expect(error.map { String(describing: $0) + String(reflecting: $0) }?.contains(Self.key) == false)
        var dumped = String(describing: fixture.client) + String(reflecting: fixture.client)
        dump(fixture.client, to: &dumped)
        #expect(!dumped.contains(Self.key) && dumped.contains("an API key"))
    }

    @Test(arguments: ["a b", "a\nb", "ä", "\u{7F}"])
    func aKeyThatIsNoneIsRefusedWithoutShowingIt(key: String) throws {
        let error = #expect(throws: CivitAIError.self) {
            try CivitAIClient(baseURL: "https://civitai.com", userAgent: "k", apiKey: key)
        }
        #expect(error?.code == .badRequest && error?.message.contains(key) == false)
    }

    @Test(arguments: [
        "", "civitai.com", "ftp://civitai.com", "https://", "https://user:pass@civitai.com", "https://civitai.com?x=1",
        "https://civitai.com#x", "https://civitai.com:x", "https://civitai.com:0", "https://civitai.com:99999",
        "https://civitai.com/a b", "https://civit\\ai.com", "https://[::1", "https://:80", "https:// civitai.com",
        "https://civitai.com:+80", "https://civitai.com\r\nX: y",
    ])
    func whatIsNoAddressIsRefused(baseURL: String) {
        let error = #expect(throws: CivitAIError.self) { try CivitAIClient(baseURL: baseURL, userAgent: "k") }
        #expect(error?.code == .badRequest && error?.message.contains("pass") == false)
    }
}
