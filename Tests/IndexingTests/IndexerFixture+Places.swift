import Catalog
import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import Indexing

/// As `withIndexer(prepare:_:)`, with an index that looks at nothing by itself for an hour: what it notices, an event
/// has told it.
func withIndexerByEvents(
    prepare: (FilePath) throws -> Void = { _ in }, _ body: (IndexerFixture) async throws -> Void
) async throws {
    try await withIndexerByEvents(configured: { _ in }, prepare: prepare, body)
}

/// As `withIndexerByEvents(prepare:_:)`, with other settings.
func withIndexerByEvents(
    configured: (inout IndexingSettings) -> Void, prepare: (FilePath) throws -> Void,
    _ body: (IndexerFixture) async throws -> Void
) async throws {
    try await withIndexer(
        configured: { settings in
            settings.pollInterval = 3_600_000_000_000
            configured(&settings)
        }, prepare: prepare, body)
}

extension IndexerFixture {
    /// A path beside the library.
    func outside(_ name: String) -> FilePath { directory.appending(name) }

    /// Goes by other settings, and waits until what they cover is in the index.
    func reload(_ change: (inout IndexingSettings) -> Void) async throws {
        var settings = indexer.state.withLock { $0.settings }
        change(&settings)
        let (indexer, wanted) = (indexer, settings)
        try await onThread { try indexer.reload(wanted) }
        try await sync()
    }

    /// What has been told of places since an event, as `kind path`, with the path from the directory of the test.
    func placeEvents(after id: Int64 = 0) throws -> [String] {
        try #require(indexer.events.read(after: id, limit: .max)).map(\.event)
            .filter { $0.kind == .rootOffline || $0.kind == .rootOnline }
            .map { event in
                let path = event.path.flatMap { $0.relative(to: directory) } ?? []
                return "\(event.kind.rawValue) \(String(decoding: path, as: UTF8.self))"
            }
    }

    /// Nothing is offline, and nobody is told of any trouble.
    func expectAllIsWell(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let status = try indexer.status()
        #expect(status.offlinePlaces == [], sourceLocation: sourceLocation)
        #expect(status.roots.compactMap(\.message) == [], sourceLocation: sourceLocation)
        #expect(status.state == .ready, sourceLocation: sourceLocation)
    }
}

/// Lets a link lead to another target in one step.
func replaceSymbolicLink(_ path: FilePath, to target: FilePath) throws {
    let new = path.parent.appending(path.name + Array(".new".utf8))
    try makeSymbolicLink(new, to: target)
    try renameFile(new, path)
}
