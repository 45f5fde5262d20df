import LinuxSystem
import Testing

@testable import Configuration

/// The example that ships is the documentation of the defaults, so it is held to them.
@Suite struct ExampleFileTests {
    private func example() throws -> String {
        let repository = FilePath(#filePath).parent.parent.parent
        let bytes = try readFile(repository.appending("etc/kikod.yaml"), limit: SettingsLoader.fileLimit)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with its commented settings switched on: `#key:` and `#  key:`; prose has one blank after the `#`.
    private func uncommented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let content = line.dropFirst()
            let indent = content.prefix { $0 == " " }.count
            let isSetting =
                line.hasPrefix("#") && [0, 2].contains(indent) && content.dropFirst(indent).first?.isLetter == true
            return isSetting ? String(content) : String(line)
        }.joined(separator: "\n")
    }

    @Test func itLoadsAsItShips() throws {
        let outcome = load(yaml: try example())
        #expect(outcome.faults == [])
        #expect(outcome.loaded?.notes == [])
        #expect(outcome.loaded?.rootsAreNamed == true)
        #expect(outcome.loaded?.settings == load(MemoryFiles()).loaded?.settings)
    }

    @Test func itsCommentedSettingsAreTheDefaults() throws {
        let outcome = load(yaml: uncommented(try example()))
        #expect(outcome.faults == [])
        #expect(outcome.loaded?.settings == load(MemoryFiles()).loaded?.settings)
    }

    @Test func everyKeyStandsInIt() throws {
        // With "- path:", which stays a comment.
        let present = Set(
            try example().split(separator: "\n").compactMap { line in
                line.firstIndex(of: ":").map { String(line[..<$0].drop { "# -".contains($0) }) }
            })
        for key in SettingsDecoder.keys.values.joined() { #expect(present.contains(key), "\(key)") }
    }
}
