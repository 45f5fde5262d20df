import FoundationEssentials
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// `POST set`.
@Suite struct SetTests {
    @Test func whatIsSaidStandsAboveEverything() async throws {
        try await withAPI { api in
            let file = try await api.add(
                "loras/a.safetensors", safetensors(metadata: #"{"modelspec.trigger_phrase":"embedded"}"#))
            try await api.add(
                "other/copy.safetensors", safetensors(metadata: #"{"modelspec.trigger_phrase":"embedded"}"#))
            try writeFile(
                api.library.appending("loras/a.json"),
                Array(
                    #"{"activation text":"said beside","notes":"beside","preferred weight":0.3,"negative text":"no"}"#
                        .utf8))
            try await api.sync()
            try await api.addModel()
            try await api.link(file.id)
            var answer = try await api.post(
                "set",
                #"{"id":\#(file.id),"type":"embedding","base_model":"illustrious","trained_words":["one","two three"],"#
                    + #""notes":"mine","preferred_weight":0.9}"#)
            #expect(answer.status == 200, "\(answer.text)")
            for path in [file.path, api.library.appending("other/copy.safetensors").description] {
                let shown = try #require(try await api.get("files?path=\(path)", as: FilesAnswer.self).files.first)
                #expect((shown.type, shown.typeSource) == ("embedding", "user"))
                #expect((shown.baseModel, shown.baseModelSource) == ("Illustrious", "user"))
                #expect((shown.trainedWords, shown.trainedWordsSource) == (["one", "two three"], "user"))
                #expect((shown.user.notes, shown.user.preferredWeight, shown.user.negativeText) == ("mine", 0.9, "no"))
                #expect(shown.user.activationText == "said beside")
            }
            // What is not named stays, null takes back; then what others say is told again.
            answer = try await api.post("set", #"{"id":\#(file.id),"trained_words":null,"notes":null,"type":null}"#)
            let shown = try answer.decode(FileObject.self)
            #expect((shown.type, shown.typeSource) == ("lora", "folder"))
            #expect((shown.baseModel, shown.user.preferredWeight) == ("Illustrious", 0.9))
            #expect((shown.trainedWords, shown.trainedWordsSource) == (["said beside"], "user"))
            #expect(shown.user.notes == "beside")
        }
    }

    @Test func filesAreNamedInEveryWay() async throws {
        try await withAPI { api in
            let file = try await api.add("a.safetensors", safetensors(metadata: "{}"))
            let hash = try #require(file.sha256?.prefix(10).uppercased())
            for (number, way) in [#""id":\#(file.id)"#, #""path":"\#(file.path)""#, #""hash":"\#(hash)""#].enumerated()
            {
                let answer = try await api.post("set", #"{\#(way),"notes":"note \#(number)"}"#)
                #expect(try answer.decode(FileObject.self).user.notes == "note \(number)")
            }
        }
    }

    @Test(
        arguments: [
            ("{}", "Exactly one of path, path_base64, hash and id is expected."),
            (#"{"id":1}"#, "Nothing is said: type, base_model, trained_words, notes or preferred_weight is expected."),
            (#"{"id":1,"hash":"0123456789","notes":""}"#, "Exactly one of path, path_base64, hash and id is expected."),
            (#"{"id":1,"type":"thing"}"#, nil), (#"{"id":1,"type":5}"#, "type: of the wrong type."),
            (#"{"id":1,"base_model":"nothing of the kind"}"#, nil), (#"{"id":1,"trained_words":"a"}"#, nil),
            (#"{"id":1,"trained_words":["a"," "]}"#, "trained_words: a word is empty; null takes them back."),
            (#"{"id":1,"preferred_weight":101}"#, "preferred_weight: a number from -100.0 to 100.0 is expected."),
            (#"{"id":1,"preferred_weight":1e400}"#, nil), (#"{"id":1,"weight":1}"#, nil),
            (#"{"id":0,"notes":"x"}"#, nil),
            (#"{"id":-1,"notes":"x"}"#, nil), (#"{"id":99999999999999999999,"notes":"x"}"#, nil), ("[]", nil),
            ("{", nil),
        ] as [(String, String?)])
    func whatIsWrongIsTold(_ body: String, _ message: String?) async throws {
        try await withIdleAPI { api in
            let answer = try await api.post("set", body)
            #expect(answer.status == 400, "\(answer.text)")
            let failure = try answer.decode(APIFailure.self)
            #expect(failure.code == "bad_request")
            if let message { #expect(failure.error == message) }
        }
    }

    @Test func tooMuchIsRefused() async throws {
        try await withIdleAPI { api in
            let words = (0...1000).map { "\"w\($0)\"" }.joined(separator: ",")
            let text = String(repeating: "x", count: 70_000)
            let bodies = [
                #""trained_words":[\#(words)]"#, #""notes":"\#(text)""#, #""trained_words":["\#(text)"]"#,
            ]
            for body in bodies {
                let answer = try await api.post("set", #"{"id":1,"# + body + "}")
                #expect(answer.status == 400)
            }
            let answer = try await api.post("set", #"{"id":1,"notes":"x"}"#)
            #expect(answer.status == 404)
        }
    }
}
