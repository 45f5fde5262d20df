import LinuxSystem
import Testing

@testable import Configuration

/// kikod.yaml(5) is written by hand, so it is held to what is read.
@Suite struct ConfigurationPageTests {
    private let lines: [Substring]
    /// Every key as the page writes it: `watch.settle`, `roots[].type`.
    private let known = Set(
        SettingsDecoder.keys.flatMap { section, keys in
            keys.map { section.isEmpty ? $0 : section == "roots" ? "roots[].\($0)" : "\(section).\($0)" }
        })

    init() throws {
        let repository = FilePath(#filePath).parent.parent.parent
        let bytes = try readFile(repository.appending("etc/kikod.yaml.5"), limit: 1 << 20)
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    /// The key of an item's first line: `.It Ic KEY Ar TYPE`.
    private func key(_ line: Substring) -> String? {
        guard line.hasPrefix(".It Ic ") else { return nil }
        return line.split(separator: " ").dropFirst(2).first.map(String.init)
    }

    @Test func everyKeyHasOneEntry() {
        #expect(lines.compactMap(key).sorted() == known.sorted())
    }

    @Test func textNamesNoOtherKey() {
        let short = Set(SettingsDecoder.keys["roots"] ?? [])
        for line in lines where line.hasPrefix(".Ic ") {
            for word in line.split(separator: " ").dropFirst() where word != "," && word != "." {
                #expect(known.union(short).contains(String(word)), "\(line)")
            }
        }
    }

    /// `Default:` and in the next line `.Cm VALUE`, which must be what a file without the key has.
    @Test func itsDefaultsAreTheDefaults() {
        var sections: [String: [String]] = [:]
        var current = ""
        for (line, next) in zip(lines, lines.dropFirst()) {
            current = key(line) ?? current
            guard line == "Default:", next.hasPrefix(".Cm "), !current.hasPrefix("roots[]") else { continue }
            let value = next.split(separator: " ")[1].replacing("\\-", with: "-")
            let parts = current.split(separator: ".").map(String.init)
            let section = parts.count == 2 ? parts[0] : ""
            sections[section, default: []].append("\(parts[parts.count - 1]): \(value)")
        }
        var yaml = (sections.removeValue(forKey: "") ?? []).joined(separator: "\n")
        for (section, settings) in sections { yaml += "\n\(section):\n  " + settings.joined(separator: "\n  ") }
        let outcome = load(yaml: yaml)
        #expect(outcome.faults == [])
        #expect(outcome.loaded?.settings == load(MemoryFiles()).loaded?.settings)
        #expect(yaml.split(separator: "\n").count > 20)
    }
}
