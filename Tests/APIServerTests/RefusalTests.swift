import HTTPServer
import IndexAPI
import LinuxSystem
import Testing

@testable import APIServer

/// Requests that are refused, and how.
@Suite struct RefusalTests {
    @Test(arguments: [
        ("GET", "nothing", 404, "not_found"), ("GET", "", 404, "not_found"), ("GET", "files/", 404, "not_found"),
        ("GET", "files/x", 400, "bad_request"), ("GET", "files/-1", 400, "bad_request"),
        ("GET", "files/0", 400, "bad_request"),
        ("GET", "files/1/2", 404, "not_found"),
        ("GET", "files/99999999999999999999", 400, "bad_request"), ("GET", "files/1", 404, "not_found"),
        ("GET", "status/", 404, "not_found"), ("GET", "lookup?hash=00000000", 404, "not_found"),
        ("POST", "status", 405, "method_not_allowed"), ("GET", "scan", 405, "method_not_allowed"),
        ("DELETE", "files", 405, "method_not_allowed"), ("PUT", "lookup", 405, "method_not_allowed"),
        ("HEAD", "sync", 405, "method_not_allowed"), ("get", "status", 405, "method_not_allowed"),
        ("GET", "status?x=1", 400, "bad_request"), ("GET", "files?type=LORA", 400, "bad_request"),
        ("GET", "files?state=new", 400, "bad_request"), ("GET", "files?state=indexed,", 400, "bad_request"),
        ("GET", "files?state=", 400, "bad_request"), ("GET", "files?civitai=maybe", 400, "bad_request"),
        ("GET", "files?limit=-1", 400, "bad_request"), ("GET", "files?limit=1.5", 400, "bad_request"),
        ("GET", "files?limit=", 400, "bad_request"), ("GET", "files?offset=9223372036854775808", 400, "bad_request"),
        ("GET", "files?limit=1&limit=2", 400, "bad_request"), ("GET", "files?path=relative", 400, "bad_request"),
        ("GET", "files?path=", 400, "bad_request"), ("GET", "files?path_base64=%2A", 400, "bad_request"),
        ("GET", "files?path_base64=YQ==", 400, "bad_request"), ("GET", "lookup", 400, "bad_request"),
        ("GET", "lookup?hash=1234567", 400, "bad_request"), ("GET", "lookup?hash=1234567g", 400, "bad_request"),
        ("GET", "scan-history?limit=x", 400, "bad_request"), ("POST", "scan?path=/", 400, "bad_request"),
    ])
    func aRequestThatCannotBeAnsweredIsToldWhy(
        method: String, target: String, status: Int, code: String
    ) async throws {
        try await withIdleAPI { api in
            let answer = try await api.send(method, target)
            #expect((answer.status, try failure(answer).code) == (status, code), "\(answer.text)")
            #expect((answer.header("Allow") != nil) == (status == 405))
        }
    }

    @Test(arguments: [
        ("lookup", "", 400), ("lookup", "{}", 400), ("lookup", "[]", 400), ("lookup", "{", 400),
        ("lookup", "nonsense", 400),
        ("lookup", #"{"hashes":null}"#, 400), ("lookup", #"{"hashes":"00000000"}"#, 400),
        ("lookup", #"{"hashes":[1]}"#, 400), ("lookup", #"{"hashes":["short"]}"#, 400),
        ("lookup", #"{"hashes":[],"more":1}"#, 400), ("scan", #"{"path":"relative"}"#, 400),
        ("scan", #"{"path":""}"#, 400),
        ("scan", #"{"path":1}"#, 400), ("scan", #"{"rehash":"yes"}"#, 400), ("scan", #"{"rehash":1}"#, 400),
        ("scan", #"{"path_base64":"*"}"#, 400), ("scan", #"{"path":"/nowhere/at/all"}"#, 404),
        ("scan", #"{"recursive":true}"#, 400), ("sync", #"{"timeout_seconds":-1}"#, 400),
        ("sync", #"{"timeout_seconds":86401}"#, 400), ("sync", #"{"timeout_seconds":1.5}"#, 400),
        ("sync", #"{"timeout_seconds":"1"}"#, 400), ("sync", #"{"hashed":0}"#, 400), ("sync", "null", 400),
        ("pause", #"{"seconds":0}"#, 400), ("pause", #"{"seconds":-1}"#, 400),
        ("pause", #"{"seconds":315360001}"#, 400), ("pause", #"{"seconds":"60"}"#, 400),
        ("pause", #"{"seconds":1.5}"#, 400), ("pause", #"{"minutes":1}"#, 400), ("resume", #"{"seconds":1}"#, 400),
        ("verify", #"{"path":"relative"}"#, 400), ("verify", #"{"path":"/nowhere/at/all"}"#, 404),
        ("verify", #"{"path_base64":"*"}"#, 400), ("verify", #"{"rehash":true}"#, 400),
    ])
    func aBodyThatCannotBeUnderstoodIsRefused(target: String, body: String, status: Int) async throws {
        try await withIdleAPI { api in
            let answer = try await api.post(target, body)
            #expect(answer.status == status, "\(answer.text)")
            _ = try failure(answer)
        }
    }

    @Test(arguments: [
        (
            "sync", #"{"timeout_seconds":1.5}"#,
            "A value in the body is malformed, or a number in it is not whole or too large."
        ),
        ("sync", #"{"timeout_seconds":"1"}"#, "timeout_seconds: of the wrong type."),
        ("lookup", #"{"hashes":["00000000",1]}"#, "hashes[1]: of the wrong type."),
        ("lookup", "[]", "The body must be a JSON object."), ("lookup", "{", "The body is not JSON."),
    ])
    func theRefusalOfABodyNamesThePlace(target: String, body: String, sentence: String) async throws {
        try await withIdleAPI { api in
            let answer = try await api.post(target, body)
            #expect(answer.status == 400)
            #expect(try failure(answer).error == sentence)
        }
    }

    @Test func tenThousandHashesAreTheMost() async throws {
        try await withIdleAPI { api in
            let hash = #""00000000""#
            let most = #"{"hashes":[\#(repeatElement(hash, count: 10_000).joined(separator: ","))]}"#
            let answer = try await api.post("lookup", most)
            #expect(answer.status == 200)
            #expect(try answer.decode(LookupResults.self).results.count == 10_000)
            let more = #"{"hashes":[\#(repeatElement(hash, count: 10_001).joined(separator: ","))]}"#
            #expect(try await api.post("lookup", more).status == 400)
        }
    }

    @Test(arguments: [(400, "bad_request"), (413, "too_large"), (500, "internal"), (503, "unavailable")])
    func theServersOwnRefusalsHaveTheSameShape(status: Int, code: String) async throws {
        try await withIdleAPI { api in
            let response = api.handler.failure(status: status, reason: "Because.")
            var body: [UInt8] = []
            if case .bytes(let bytes) = response.body { body = bytes }
            let answer = APIFixture.Answer(status: response.status, headers: response.headers, body: body)
            let told = try failure(answer)
            #expect((answer.status, told.code, told.error) == (status, code, "Because."))
        }
    }

    @Test func headIsAnsweredLikeGet() async throws {
        try await withIdleAPI { api in
            for target in ["status", "files", "roots", "errors", "scan-history"] {
                let (head, get) = (try await api.send("HEAD", target), try await api.get(target))
                #expect((head.status, head.headers) == (200, get.headers))
            }
            #expect(try await api.send("HEAD", "files/1").status == 404)
        }
    }

    private func failure(_ answer: APIFixture.Answer) throws -> APIFailure {
        #expect(try keys(answer.body) == ["success", "error", "code"])
        #expect(answer.header("Content-Type") == "application/json")
        let failure = try answer.decode(APIFailure.self)
        #expect(!failure.success)
        #expect(!failure.error.isEmpty)
        return failure
    }
}
