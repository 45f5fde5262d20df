import LinuxSystem
import SQLite
import StandInCivitAI
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// An index with a stand-in for CivitAI beside it.
final class LookupFixture: Sendable {
    let index: IndexerFixture
    let server: StandInCivitAI
    let lookups: LookupService

    init(_ index: IndexerFixture, _ server: StandInCivitAI, _ settings: LookupSettings) {
        self.index = index
        self.server = server
        lookups = LookupService(indexer: index.indexer, settings: settings)
    }

    /// Settings that do not make a test wait.
    static func settings(_ server: StandInCivitAI) -> LookupSettings {
        var settings = LookupSettings()
        settings.baseURL = server.baseURL
        settings.requestsPerSecond = 100
        settings.timeoutMilliseconds = 10_000
        settings.userAgent = "kikod/test (+https://example.org)"
        return settings
    }

    func settings(_ change: (inout LookupSettings) -> Void = { _ in }) -> LookupSettings {
        var settings = Self.settings(server)
        change(&settings)
        return settings
    }

    // MARK: - What is known

    func lookup(_ name: String) throws -> Stored? { try lookup(index.path(name)) }

    /// The row about the content of a file.
    struct Stored: Equatable, Sendable {
        var state: String
        var version: Int64?
        var match: String?
        var role: String?
        var attempts: Int
        var next: String?
        var message: String?
    }

    func lookup(_ path: FilePath) throws -> Stored? {
        guard let content = try index.file(at: path)?.contentID else { return nil }
        return try index.catalog.read { reader in
            try reader.connection.firstRow(
                """
                SELECT state, version_id, match, role, attempts, next_check_at, message FROM civitai_lookups
                WHERE content_id = ?
                """, [.integer(content)]
            ) { row in
                Stored(
                    state: row.text(0), version: row.integerOrNil(1), match: row.textOrNil(2), role: row.textOrNil(3),
                    attempts: Int(clamping: row.integer(4)), next: row.textOrNil(5), message: row.textOrNil(6))
            }
        }
    }

    func content(_ name: String) throws -> Int64 { try #require(try index.file(name)?.contentID) }

    /// How many lookups are in each state.
    func states() throws -> [String: Int] {
        try index.catalog.read { reader in
            let rows = try reader.connection.rows("SELECT state, count(*) FROM civitai_lookups GROUP BY state") {
                ($0.text(0), Int(clamping: $0.integer(1)))
            }
            return Dictionary(rows) { first, _ in first }
        }
    }

    func texts(_ sql: String) throws -> [String] {
        try index.catalog.read { try $0.connection.rows(sql) { $0.text(0) } }
    }

    /// What was told of files since the start, as `kind name`.
    func events(_ kinds: IndexEvent.Kind...) throws -> [String] {
        try #require(index.indexer.events.read(after: 0, limit: .max)).map(\.event).filter { kinds.contains($0.kind) }
            .map { "\($0.kind.rawValue) \(String(decoding: $0.path?.name ?? [], as: UTF8.self))" }
    }

    // MARK: - Waiting

    /// Waits until the catalogue is as wanted.
    func wait(_ isMet: @escaping @Sendable (LookupFixture) throws -> Bool) async throws {
        try await index.wait { _ in try isMet(self) }
    }
}

extension LookupFixture {
    /// Has the stand-in know a file of the library.
    func serve(
        _ name: String, id: Int64, version: Int64? = nil, _ change: (inout StandInModel) -> Void = { _ in }
    ) throws {
        let file = try #require(try index.file(name))
        var model = StandInModel.lora(
            id: id, version: version ?? id * 10, name: "Model \(id)", sha256: try #require(file.digests.sha256),
            bytes: file.size, fileName: name)
        change(&model)
        server.add(model)
    }

    /// Begins to ask, and waits until nothing is left to be asked now.
    func runPass() async throws {
        let lookups = lookups
        try lookups.start()
        try await onThread { lookups.finishPass() }
    }
}

/// Runs `body` with an index of a library, hashed, and a stand-in that knows nothing. Nobody asks it yet.
func withLookups(
    indexing: (inout IndexingSettings) -> Void = { _ in }, settings: (inout LookupSettings) -> Void = { _ in },
    prepare: (FilePath) throws -> Void, _ body: (LookupFixture) async throws -> Void
) async throws {
    let server = try StandInCivitAI()
    defer { server.stop() }
    try await withTemporaryDirectory { directory in
        let library = directory.appending("library")
        try makeDirectory(library)
        try prepare(library)
        var indexingSettings = IndexerFixture.settings([library])
        indexing(&indexingSettings)
        try await withLookups(directory, server, indexingSettings, settings, body)
    }
}

/// The same in a directory that was used before.
func withLookups(
    _ directory: FilePath, _ server: StandInCivitAI, _ indexing: IndexingSettings,
    _ change: (inout LookupSettings) -> Void = { _ in }, _ body: (LookupFixture) async throws -> Void
) async throws {
    var settings = LookupFixture.settings(server)
    change(&settings)
    try await withIndexer(directory, indexing) { index in
        let fixture = LookupFixture(index, server, settings)
        defer { fixture.lookups.requestStop() }
        try await index.sync()
        try await body(fixture)
    }
}

/// A LoRA for SDXL that differs from others by its number.
func loraFile(_ number: Int, metadata: [String: String] = [:]) -> [UInt8] {
    ModelBytes.sdxlLoRA(metadata: metadata.merging(["number": "\(number)"]) { first, _ in first })
}
