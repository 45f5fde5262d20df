import APIClient
import IndexAPI
import Testing

@testable import ControlCommands

@Suite struct SetCommandTests {
    private func daemon() throws -> CannedDaemon {
        let daemon = CannedDaemon()
        var file = sampleFile(5, "/srv/models/loras/a.safetensors")
        (file.typeSource, file.baseModel, file.baseModelSource) = ("user", "Pony", "user")
        (file.trainedWords, file.trainedWordsSource) = (["one word", "another"], "user")
        (file.user.notes, file.user.preferredWeight) = ("mine", 0.8)
        try daemon.answer("POST /api/v1/set", file)
        return daemon
    }

    private func body(_ daemon: CannedDaemon) -> String {
        String(decoding: daemon.requests.last?.body ?? [], as: UTF8.self)
    }

    @Test func whatIsSaidIsSentAndTheNewValuesAreShown() throws {
        let daemon = try daemon()
        let outcome = runCommand(
            [
                "set", "5", "--type", "lora", "--base", "pony", "--words", " one word ,another,,", "--notes", "mine",
                "--weight", "0.8",
            ], daemon)
        #expect(
            body(daemon)
                == #"{"base_model":"pony","id":5,"notes":"mine","preferred_weight":0.8,"#
                + #""trained_words":["one word","another"],"type":"lora"}"#)
        #expect(
            outcome.output == """
                Path           /srv/models/loras/a.safetensors
                Type           lora (by user)
                Base model     Pony (by user)
                Trained words  one word, another (by user)
                Notes          mine
                Weight         0.8

                """)
        #expect(outcome.code == .done)
    }

    @Test func whatIsClearedIsNullAndTheRestIsLeftOut() throws {
        let daemon = try daemon()
        let arguments = ["set", "id:5", "--clear", "type", "--clear=words", "--weight", "-1.5", "--json"]
        #expect(runCommand(arguments, daemon).code == .done)
        #expect(body(daemon) == #"{"id":5,"preferred_weight":-1.5,"trained_words":null,"type":null}"#)
        _ = runCommand(["set", "5", "--clear", "base", "--clear", "notes", "--clear", "weight"], daemon)
        #expect(body(daemon) == #"{"base_model":null,"id":5,"notes":null,"preferred_weight":null}"#)
    }

    @Test(
        arguments: [
            ([], "There is nothing to set or to clear."),
            (["--type", "lora", "--clear", "type"], "--type and --clear type contradict each other."),
            (["--words", "a", "--clear", "words"], "--words and --clear words contradict each other."),
            (["--words", " , "], "--words has none; --clear words takes back what was said."),
            (["--notes", ""], "--notes is empty; --clear notes takes back what was said."),
            (["--base", " "], "--base is empty; --clear base takes back what was said."),
            (["--weight", "much"], "Option '--weight': 'much' is not a number, -100.0 to 100.0."),
            (["--weight", "nan"], "Option '--weight': 'nan' is not a number, -100.0 to 100.0."),
            (["--weight", "101"], "Option '--weight': '101' is not a number, -100.0 to 100.0."),
            (["--clear", "size"], "Option '--clear': 'size' is not one of type, base, words, notes, weight."),
            (["--type", "loras"], nil),
        ] as [([String], String?)])
    func whatMakesNoSenseIsWrongUsageAndNothingIsAsked(_ options: [String], _ message: String?) throws {
        let daemon = try daemon()
        let outcome = runCommand(["set", "5"] + options, daemon)
        #expect(outcome.code == .usage)
        #expect(daemon.requests.isEmpty)
        if let message { #expect(outcome.errors == "kikod-ctl: \(message)\nTry 'kikod-ctl set --help'.\n") }
    }
}
