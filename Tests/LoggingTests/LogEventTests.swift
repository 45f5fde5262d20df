import LinuxSystem
import TestSupport
import Testing

@testable import Logging

/// Holds the message catalogue to the events (systemd's catalog format: `-- MESSAGE_ID`, headers, an empty line, text).
@Suite struct LogEventTests {
    private struct Entry {
        var headers: [String] = []
        var text: [String] = []
    }

    private func catalogue() throws -> [String: Entry] {
        let directory = try #require(Programs.packageDirectory)
        let bytes = try readFile(directory.appending("systemd").appending("kikod.catalog"), limit: 1 << 20)
        var entries: [String: Entry] = [:]
        var current: String?
        var isInHeaders = false
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("-- ") {
                let id = String(line.dropFirst(3))
                #expect(entries.updateValue(Entry(), forKey: id) == nil, "\(id) stands twice")
                (current, isInHeaders) = (id, true)
            } else if let id = current {
                if line.isEmpty { isInHeaders = false }
                if isInHeaders {
                    entries[id]?.headers.append(String(line))
                } else if !line.isEmpty {
                    entries[id]?.text.append(String(line))
                }
            }
        }
        return entries
    }

    @Test func eachEventIsExplainedAndNothingElseIs() throws {
        let entries = try catalogue()
        #expect(Set(entries.keys) == Set(LogEvent.allCases.map(\.rawValue)))
        for (id, entry) in entries {
            #expect(entry.headers.contains { $0.hasPrefix("Subject: ") }, "\(id)")
            #expect(entry.headers.contains("Defined-By: kikod"), "\(id)")
            #expect(!entry.text.isEmpty, "\(id)")
        }
    }

    /// Digits and lower case are not replaced (catalog_get() of systemd's src/libsystemd/sd-journal/catalog.c).
    @Test func fieldsAreOnesThatTheJournalReplaces() throws {
        for (id, entry) in try catalogue() {
            let parts = (entry.headers + entry.text).joined(separator: "\n").split(
                separator: "@", omittingEmptySubsequences: false)
            #expect(parts.count % 2 == 1, "\(id) has an @ too many")
            for name in parts.enumerated().filter({ $0.offset % 2 == 1 }).map(\.element) {
                let isField = name.hasPrefix("KIKO_") && name.allSatisfy { ("A"..."Z").contains($0) || $0 == "_" }
                #expect(isField, "\(id): \(name)")
            }
        }
    }

    @Test func identifiersAreThoseOfTheJournal() {
        for event in LogEvent.allCases {
            #expect(event.rawValue.utf8.count == 32)
            #expect(event.rawValue.allSatisfy { "0123456789abcdef".contains($0) })
        }
    }
}
