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
        let text = uncommented(try example())
        let keys =
            "roots comfyui data_dir socket http listen token_file hosts watch settle poll_interval rescan_interval "
            + "follow_symlinks keep_missing ignore hashing workers queue_capacity max_file_size max_rate "
            + "autov3_max_size blake3 civitai enabled base_url api_key_file requests_per_second timeout previews "
            + "previews_max_nsfw_level log_level"
        let present = Set(
            text.split(separator: "\n").compactMap { line in
                line.firstIndex(of: ":").map { String(line[..<$0].drop { $0 == " " }) }
            })
        for key in keys.split(separator: " ") { #expect(present.contains(String(key)), "\(key)") }
    }
}
