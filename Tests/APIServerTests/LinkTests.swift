import HTTPServer
import IndexAPI
import Indexing
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// `link`, `unlink` and `cache`.
@Suite struct LinkTests {
    @Test(arguments: [
        ("link", #"{"version_id":5}"#, 400), ("link", #"{"id":1,"path":"/a"}"#, 400), ("link", #"{"id":0}"#, 400),
        ("link", #"{"id":1,"version_id":0}"#, 400), ("link", #"{"id":1,"version_id":2147483648}"#, 400),
        ("link", #"{"id":"1"}"#, 400), ("link", #"{"id":1.5}"#, 400), ("link", #"{"name":"a"}"#, 400),
        ("link", #"{"hash":"1234567"}"#, 400), ("link", #"{"path":"relative"}"#, 400),
        ("link", #"{"path_base64":"*"}"#, 400), ("link", #"{"path":"/nowhere/at/all"}"#, 404),
        ("link", #"{"id":1}"#, 404), ("link", #"{"hash":"00000000"}"#, 404),
        ("unlink", "{}", 400), ("unlink", #"{"id":1,"hash":"00000000"}"#, 400),
        ("unlink", #"{"id":1,"version_id":5}"#, 400), ("unlink", #"{"id":1}"#, 404), ("cache", "{}", 400),
        ("cache", #"{"model_id":null}"#, 400), ("cache", #"{"model_id":0}"#, 400),
        ("cache", #"{"model_id":2147483648}"#, 400), ("cache", #"{"model_id":"1"}"#, 400),
    ])
    func whatIsNotThereOrNotUnderstoodIsRefused(target: String, body: String, status: Int) async throws {
        try await withIdleAPI { api in
            let answer = try await api.post(target, body)
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test func withCivitAISwitchedOffNothingIsAsked() async throws {
        try await withAPI { api in
            let file = try await api.add("a.pt", Array("a".utf8))
            for (target, body) in [
                ("link", "{}"), ("link", #"{"id":\#(file.id)}"#), ("link", #"{"path":"\#(file.path)","version_id":5}"#),
                ("cache", #"{"model_id":1}"#),
            ] {
                let answer = try await api.post(target, body)
                #expect(answer.status == 409, "\(answer.text)")
                #expect(try answer.decode(APIFailure.self).error.contains("civitai.enabled"))
            }
        }
    }

    @Test func aFileThatNobodyHasLookedIntoCannotBeLinked() async throws {
        try await withAPI { api in
            let file = try await api.add("a.pt", Array("a".utf8))
            try await api.run("UPDATE local_files SET content_id = NULL, state = 'pending', held = 1")
            for target in ["link", "unlink"] {
                let answer = try await api.post(target, #"{"id":\#(file.id)}"#)
                #expect(answer.status == 409)
                #expect(try answer.decode(APIFailure.self).error.contains("has not been hashed"))
            }
        }
    }

    @Test(arguments: [
        (LookupRefusal.disabled, 409, "--no-civitai"), (.isPrivate, 409, "civitai: false"), (.notHashed, 409, "hashed"),
        (.unknownContent, 404, "index"), (.unknownModel(5), 404, "model with the number 5"),
        (.unknownVersion(6), 404, "version with the number 6"), (.unavailable("Try at noon."), 503, "Try at noon."),
    ])
    func aRefusalTellsWhatToDo(refusal: LookupRefusal, status: Int, words: String) async throws {
        try await withIdleAPI { api in
            let response = api.handler.response(for: refusal)
            #expect(response.status == status)
            guard case .bytes(let body) = response.body else {
                Issue.record("a refusal is short")
                return
            }
            #expect(String(decoding: body, as: UTF8.self).contains(words))
        }
    }
}
