import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import CommandLineParsing

@Suite struct BashCompletionTests {
    /// What bash offers for the last of `words`.
    private func completions(_ words: [String]) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let script = directory.appending("script")
            let quoted = words.map { "'\($0)'" }.joined(separator: " ")
            try writeFile(
                script,
                sample.bashCompletion() + """
                    COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
                    compopt() { :; }
                    cd '\(directory)'; mkdir -p models
                    _tool; printf '%s\\n' "${COMPREPLY[@]}"
                    """)
            guard let pipe = unsafe popen("bash '\(script)' 2>&1", "r") else {
                throw SystemError(.current, call: "popen")
            }
            defer { unsafe pclose(pipe) }
            var output: [UInt8] = []
            while case let byte = unsafe fgetc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
            return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
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
        (["tool", "list", "-n", ""], []),
        (["tool", "scan", "m"], ["models"]),
        (["tool", "list", "--root", "m"], ["models"]),
        (["tool", "--socket", "s"], ["script"]),
        (["tool", "scan", "--", "m"], ["models"]),
    ])
    func bashOffersWhatFits(_ words: [String], _ expected: [String]) async throws {
        #expect(try await completions(words) == expected)
    }
}
