import Testing

@testable import CommandLineParsing

@Suite struct CommandLineParserTests {
    private func run(_ arguments: String...) throws -> ParsedCommand {
        guard case .run(let command) = try sample.parse(arguments) else {
            throw UsageError("not a command to run", command: "")
        }
        return command
    }

    private func message(_ arguments: [String]) -> String? {
        do throws(UsageError) {
            _ = try sample.parse(arguments)
            return nil
        } catch { return error.message }
    }

    @Test func valuesComeAttachedOrNext() throws {
        let command = try run("list", "--type", "lora", "--limit=5", "-a")
        #expect(command.subcommands == ["list"])
        #expect(command.value("type") == "lora")
        #expect(command.integer("limit") == 5)
        #expect(command.flag("all"))
        #expect(!command.flag("json"))
        #expect(try run("list", "-n", "7").integer("limit") == 7)
        #expect(try run("list", "-n7").integer("limit") == 7)
        #expect(try run("list", "-an7").integer("limit") == 7)
    }

    @Test func optionsOfTheProgramStandBeforeOrAfterTheCommand() throws {
        let before = try run("--json", "--socket=/s", "show", "x")
        let after = try run("show", "x", "--socket", "/s", "--json")
        #expect(before == after)
        #expect(before.operands == ["x"])
    }

    @Test func afterTwoDashesEverythingIsAnOperand() throws {
        #expect(try run("show", "--", "--json").operands == ["--json"])
        #expect(try run("show", "-").operands == ["-"])
        #expect(try run("--", "show", "x").subcommands == ["show"])
    }

    @Test func aRepeatableOptionKeepsItsOrder() throws {
        #expect(try run("list", "--root", "b", "--root=a").values("root") == ["b", "a"])
    }

    @Test func anEmptyTextIsAValue() throws {
        #expect(try run("show", "").operands == [""])
    }

    @Test(arguments: [
        ([], "A command is missing."),
        (["lst"], "Unknown command 'lst'; did you mean 'list'?"),
        (["frobnicate"], "Unknown command 'frobnicate'."),
        (["list", "--tpye", "lora"], "Unknown option '--tpye'; did you mean '--type'?"),
        (["list", "-x"], "Unknown option '-x'."),
        (["--type", "lora", "list"], "Unknown option '--type'."),
        (["list", "--type"], "Option '--type' needs a value: --type T."),
        (["list", "-n"], "Option '-n' needs a value: -n N."),
        (["list", "--type=vae"], "Option '--type': 'vae' is not one of lora, checkpoint."),
        (["list", "--type=loar"], "Option '--type': 'loar' is not one of lora, checkpoint; did you mean 'lora'?"),
        (["list", "--state=error,gone"], "Option '--state': 'gone' is not one of error, missing."),
        (["list", "--state="], "Option '--state': '' is not one of error, missing."),
        (["list", "--limit", "-1"], "Option '--limit': '-1' is not a whole number, 0 or more."),
        (
            ["list", "--limit", "99999999999999999999"],
            "Option '--limit': '99999999999999999999' is not a whole number, 0 or more."
        ),
        (["list", "--all=yes"], "Option '--all' takes no value."),
        (["list", "--limit=1", "-n", "2"], "Option '-n' is given twice."),
        (["list", "x"], "Unexpected argument 'x'."),
        (["show"], "WHAT is missing."),
        (["show", "a", "b"], "Unexpected argument 'b'."),
        (["lookup"], "HASH is missing."),
        (["scan", ""], "PATH: must not be empty."),
        (["--socket=", "list"], "Option '--socket': must not be empty."),
    ])
    func faultsAreNamed(_ arguments: [String], _ expected: String) {
        #expect(message(arguments) == expected)
    }

    @Test func operandsMayBeLeftOutOrRepeatedWhereTheCommandSaysSo() throws {
        #expect(try run("scan").operands == [])
        #expect(try run("lookup", "a", "b", "c").operands == ["a", "b", "c"])
    }

    @Test func anErrorPointsToTheHelpOfItsCommand() {
        let error = #expect(throws: UsageError.self) { try sample.parse(["show"]) }
        #expect(error?.description == "WHAT is missing.\nTry 'tool show --help'.")
    }

    @Test func helpAndVersionWinOverWhatFollows() throws {
        #expect(
            try sample.parse(["show", "--help", "--nonsense"]) == .help(try #require(sample.helpText(for: ["show"]))))
        #expect(try sample.parse(["-h"]) == .help(try #require(sample.helpText())))
        #expect(try sample.parse(["--version"]) == .version("tool 1.0"))
    }

    @Test(arguments: [
        ("", "abc", 3), ("list", "lsit", 1), ("type", "type", 0), ("show", "shw", 1), ("kitten", "sitting", 3),
    ])
    func distancesAreCountedInEdits(_ left: String, _ right: String, _ distance: Int) {
        #expect(editDistance(left, right) == distance)
        #expect(editDistance(right, left) == distance)
    }
}
