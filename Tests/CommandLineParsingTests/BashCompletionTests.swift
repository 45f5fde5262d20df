import LinuxSystem
import TestSupport
import Testing

@testable import CommandLineParsing

@Suite struct BashCompletionTests {
    /// What bash offers for the last of `words`.
    private func completions(_ words: [String], of program: CommandSpecification = sample) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let quoted = words.map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
            let script =
                program.bashCompletion() + """
                    COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
                    compopt() { :; }
                    _\(program.name); printf '%s\\n' "${COMPREPLY[@]}"
                    """
            return try output(of: "bash script", script: script, in: directory)
        }
    }

    @Test(arguments: [
        (["tool", ""], ["list", "show", "scan", "lookup"]),
        (["tool", "l"], ["list", "lookup"]),
        (["tool", "--json", "--socket", "show", "sc"], ["scan"]),
        (["tool", "--s"], ["--socket"]),
        (["tool", "list", "--"], ["--type", "--state", "--limit", "--root", "--all", "--socket", "--json", "--help"]),
        (["tool", "list", "--type", ""], ["lora", "checkpoint"]),
        (["tool", "list", "--type", "=", "che"], ["checkpoint"]),
        (["tool", "list", "--type", "="], ["lora", "checkpoint"]),
        (["tool", "list", "--type", "=", "lora", "--st"], ["--state"]),
        (["tool", "list", "--state", "e"], ["error"]),
        (["tool", "list", "--state", "error,m"], ["error,missing"]),
        (["tool", "list", "-n", ""], []),
        (["tool", "scan", "m"], ["models"]),
        (["tool", "list", "--root", "m"], ["models"]),
        (["tool", "--socket", "s"], ["script"]),
        (["tool", "scan", "--", "m"], ["models"]),
    ])
    func bashOffersWhatFits(_ words: [String], _ expected: [String]) async throws {
        #expect(try await completions(words) == expected)
    }

    @Test(arguments: [
        (["", "SD"], ["SDXL\\ 1.0", "SD\\ 1.5"]),
        (["", "SD\\ "], ["SD\\ 1.5"]),
        (["", "\"SD "], ["SD 1.5"]),
        (["", "'P"], ["Pony"]),
        (["--base", "="], ["SDXL\\ 1.0", "SD\\ 1.5", "Pony", "o\\'clock"]),
        (["--base", "o"], ["o\\'clock"]),
    ])
    func bashAsksTheProgramAndQuotesWhatItOffers(_ words: [String], _ expected: [String]) async throws {
        #expect(try await completions(["offering"] + words, of: offering) == expected)
    }
}
