import Catalog
import LinuxSystem
import Logging
import TestSupport
import Testing

@testable import Indexing

@Suite(.timeLimit(.minutes(5))) struct IndexJournalTests {
    @Test func aLibraryOfBadFilesDoesNotFloodTheLog() async throws {
        try await withTemporaryDirectory { directory in
            let (catalog, log) = (try ModelCatalog.open(directory: directory), MemoryHandler())
            let journal = IndexJournal(catalog: catalog, logger: Logger(handler: log))
            let events = EventLog { journal.note($0) }
            for number in 1...1000 {
                events.append([
                    IndexEvent(.fileError, path: FilePath("/m/\(number)"), message: "Permission denied"),
                    IndexEvent(.fileIndexed, path: FilePath("/m/\(number)")),
                ])
            }
            #expect(log.records.count == 21)
            #expect(log.records.allSatisfy { $0.event == .fileUnreadable && $0.level == .warning })
            #expect(
                log.records.first
                    == LogRecord(
                        level: .warning, message: "cannot read a file: Permission denied", event: .fileUnreadable,
                        fields: [.init("path", "/m/1")]))
            #expect(log.records.last?.message.hasSuffix("`kikod-ctl errors` lists all") == true)
            // Another kind has its own budget.
            events.append([IndexEvent(.fileDangerous, path: FilePath("/m/x"))])
            #expect(log.records.last?.event == .fileDangerous)
            try await onThread { catalog.close() }
        }
    }

    @Test func whatAScanHasReadIsTold() async throws {
        try await withIndexer { fixture in
            let file = fixture.library.appending("a.ckpt")
            try writeModel(file, [0x61])
            try await fixture.sync()
            try await fixture.scan(file, rehash: true)
            let records = fixture.log.records
            let hashed = try #require(records.first { $0.event == .fileHashed })
            #expect(hashed.level == .debug)
            #expect(hashed.fields.map(\.name) == ["path", "digest", "bytes", "seconds"])
            let walked = try #require(records.last { $0.event == .scanWalked })
            let complete = try #require(records.last { $0.event == .scanCompleted })
            let row = try #require(complete.fields.first { $0.name == "scan" })
            #expect(walked.fields.contains(row))
            #expect(complete.fields.contains(.init("hashed", 1)))
            #expect(complete.fields.contains(.init("bytes", 1)))
            #expect(complete.message.hasPrefix("hashed 1 file of "))
        }
    }
}
