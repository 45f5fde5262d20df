import LinuxSystem
import TestSupport
import Testing

@testable import CommandLineParsing

@Suite(.enabled(if: isInstalled(.fish), "fish is not installed"))
struct FishCompletionTests {
    /// What fish offers at the end of a line, without what it means, in the order of the alphabet.
    private func completions(_ line: String, of program: CommandSpecification = sample) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let script = program.fishCompletion() + "complete -C '\(line.replacing("'", with: "\\'"))'\n"
            let home = "HOME=\(directory) XDG_CONFIG_HOME=\(directory) XDG_DATA_HOME=\(directory)"
            return try output(of: home + " fish --no-config script", script: script, in: directory)
                .map { String($0.prefix { $0 != "\t" }) }.filter { !$0.hasPrefix("fish/") }.sorted()
        }
    }

    @Test(arguments: [
        ("tool ", ["list", "lookup", "scan", "show"]),
        ("tool l", ["list", "lookup"]),
        ("tool --json --socket show sc", ["scan"]),
        ("tool --s", ["--socket"]),
        ("tool list -", ["--all", "--help", "--json", "--limit", "--root", "--socket", "--state", "--type"]),
        ("tool list --type ", ["checkpoint", "lora"]),
        ("tool list --type=che", ["--type=checkpoint"]),
        ("tool list --type=lora --st", ["--state"]),
        ("tool list --state error,m", ["error,missing"]),
        ("tool list -n ", []),
        ("tool scan m", ["models/"]),
        ("tool list --root m", ["models/"]),
        ("tool --socket sc", ["script"]),
        ("tool scan -- m", ["models/"]),
    ])
    func fishOffersWhatFits(_ line: String, _ expected: [String]) async throws {
        let offered = try await completions(line)
        // Short options are offered, too, where nothing but a dash is typed.
        #expect(offered.filter { $0.count != 2 || !$0.hasPrefix("-") } == expected)
    }

    @Test func fishAsksTheProgram() async throws {
        #expect(try await completions("offering SD", of: offering) == ["SD 1.5", "SDXL 1.0"])
        #expect(try await completions("offering --base o", of: offering) == ["o'clock"])
    }
}
