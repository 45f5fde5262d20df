import LinuxSystem
import TestSupport
import Testing

@testable import CommandLineParsing

@Suite(.enabled(if: isInstalled(.zsh), "zsh is not installed"))
struct ZshCompletionTests {
    /// What zsh offers at the end of a line, quoted as it has to be, in the order of the alphabet: an interactive zsh on a terminal of its own
    /// is given the line and a tab, with a compadd that prints what it adds.
    private func completions(_ line: String, of program: CommandSpecification = sample) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let setup = #"""
                PS1=
                autoload -Uz compinit && compinit -u -D
                zstyle ':completion:*' verbose no
                source ./completion
                compadd() {
                    local -a found
                    builtin compadd -A found "$@"
                    print -rl -- "<"${^found}">" >> answer
                    builtin compadd "$@"
                }
                finish() { print >> answer; exit 0 }
                zle -N finish
                bindkey '^I' complete-word; bindkey '^X' finish
                """#
            try writeFile(directory.appending("completion"), program.zshCompletion())
            try writeFile(directory.appending("setup"), setup)
            let script = """
                zmodload zsh/zpty
                zpty shell 'zsh -f -i'
                zpty -w shell $'source ./setup; print rea\'\'dy'
                zpty -r -m shell ignored '*ready*'
                zpty -w -n shell $'\(line.replacing("'", with: "\\'"))\\t\\C-x'
                while zpty -r shell ignored; do :; done
                grep -o '<.*>' answer | LC_ALL=C sort -u
                """
            return try output(of: "zsh -f script", script: script, in: directory).map {
                String($0.dropFirst().dropLast())
            }
        }
    }

    @Test(arguments: [
        ("tool l", ["list", "lookup"]),
        ("tool --json --socket show sc", ["scan"]),
        ("tool --so", ["--socket"]),
        ("tool list --type ", ["checkpoint", "lora"]),
        ("tool list --type=che", ["checkpoint"]),
        ("tool list --type=lora --st", ["--state"]),
        ("tool list --state error,m", ["missing"]),
        ("tool scan mod", ["models"]),
        ("tool list --root mod", ["models"]),
        ("tool --socket scr", ["script"]),
    ])
    func zshOffersWhatFits(_ line: String, _ expected: [String]) async throws {
        #expect(try await completions(line) == expected)
    }

    @Test func zshAsksTheProgram() async throws {
        #expect(try await completions("offering SD", of: offering) == [#"SDXL\ 1.0"#, #"SD\ 1.5"#])
        #expect(try await completions("offering --base o", of: offering) == [#"o\'clock"#])
    }
}
