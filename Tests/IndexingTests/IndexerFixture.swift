import Catalog
import Logging
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// A library in a temporary directory with everything that a daemon would run on it, in this process.
final class IndexerFixture: Sendable {
    /// Longer than any test may take: a wait that lasts so long is a failure.
    static let patience = 60_000

    let directory: FilePath
    let library: FilePath
    let catalog: ModelCatalog
    let indexer: Indexer
    let log: MemoryHandler

    init(_ directory: FilePath, _ settings: IndexingSettings) throws {
        self.directory = directory
        library = directory.appending("library")
        let data = directory.appending("data")
        try makeDirectory(data)
        catalog = try ModelCatalog.open(directory: data)
        log = MemoryHandler()
        indexer = Indexer(
            catalog: catalog, settings: settings, runtimeDirectory: directory.appending("run"),
            logger: Logger(level: .debug, handler: log))
    }

    /// Settings for the roots, which wait for writers no longer than a test has to.
    static func settings(_ roots: [FilePath], types: [FilePath: String] = [:]) -> IndexingSettings {
        var settings = IndexingSettings(
            roots: roots.map { .init(path: $0, type: types[$0], watchMode: .inotify) })
        settings.settle = 5_000_000
        settings.pollInterval = 20_000_000
        settings.workers = 2
        // A machine that has too much to do is no drive that hangs.
        settings.driveSilence = 3_600_000_000_000
        settings.readSilence = 3_600_000_000_000
        return settings
    }

    func start() async throws {
        let indexer = indexer
        try await onThread { try indexer.start() }
    }

    func stop() async throws {
        let (indexer, catalog) = (indexer, catalog)
        try await onThread {
            indexer.stop()
            catalog.close()
        }
    }

    /// Waits until the catalogue says what the file system says.
    @discardableResult
    func sync(hashed: Bool = true) async throws -> Indexer.SyncOutcome {
        let indexer = indexer
        let outcome = try await onThread { indexer.sync(hashed: hashed, milliseconds: Self.patience) }
        #expect(outcome.isSynced)
        return outcome
    }

    /// Scans everything, or a path, and waits for it.
    @discardableResult
    func scan(_ path: FilePath? = nil, rehash: Bool = false, acceptsEmpty: Bool = false) async throws -> [StoredScan] {
        let (indexer, catalog) = (indexer, catalog)
        let started = try await onThread {
            try indexer.startScans(path: path, rehash: rehash, acceptsEmpty: acceptsEmpty).map(\.id)
        }
        try await sync()
        return try catalog.read { try $0.scans(limit: nil) }.filter { started.contains($0.id) }
    }

    /// Waits until the index got to where `isMet` is true; a failure when it does not get there.
    func wait(_ isMet: @escaping @Sendable (IndexerFixture) throws -> Bool) async throws {
        let hasCome = try await onThread {
            let deadline = MonotonicTime.now.advanced(milliseconds: Self.patience)
            var generation = 0
            while try !isMet(self) {
                generation = self.indexer.waitForChange(after: generation, until: deadline)
                if MonotonicTime.now > deadline { return try isMet(self) }
            }
            return true
        }
        #expect(hasCome)
    }

    // MARK: - What the index knows

    func path(_ name: String) -> FilePath { library.appending(name) }

    func file(_ name: String) throws -> FileDetails? { try file(at: path(name)) }

    func file(at path: FilePath) throws -> FileDetails? {
        try catalog.read { reader in
            var filter = FileFilter()
            filter.path = path
            return try reader.files(filter, limit: 1).first
        }
    }

    /// Every file of the index by its path below the library, with its state.
    func states() throws -> [String: FileState] {
        let files = try catalog.read { try $0.files(FileFilter(), limit: 10_000) }
        return Dictionary(
            uniqueKeysWithValues: files.map { file in
                (String(decoding: file.path.relative(to: library) ?? file.path.bytes, as: UTF8.self), file.state)
            })
    }

    /// How many files were read to their end since the start.
    func readings() throws -> Int { try indexer.status().hashing.filesTotal }

    var root: IndexerStatus.Root? { get throws { try indexer.status().roots.first } }
}

/// Runs `body` with a started index of an empty library, or of one that `prepare` filled.
func withIndexer(
    prepare: (FilePath) throws -> Void = { _ in }, _ body: (IndexerFixture) async throws -> Void
) async throws {
    try await withIndexer(configured: { _ in }, prepare: prepare, body)
}

/// As `withIndexer(prepare:_:)`, with other settings.
func withIndexer(
    configured: (inout IndexingSettings) -> Void, prepare: (FilePath) throws -> Void,
    _ body: (IndexerFixture) async throws -> Void
) async throws {
    // The turn comes first: while a test waits for it, a file that was written just now would become an old one.
    try await TakingTurns.watching.run {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try makeDirectory(library)
            try prepare(library)
            var settings = IndexerFixture.settings([library])
            configured(&settings)
            try await withStartedIndexer(directory, settings, body)
        }
    }
}

/// Runs `body` with a started index; a second one in the same directory goes on where the first ended.
func withIndexer(
    _ directory: FilePath, _ settings: IndexingSettings, _ body: (IndexerFixture) async throws -> Void
) async throws {
    try await TakingTurns.watching.run { try await withStartedIndexer(directory, settings, body) }
}

private func withStartedIndexer(
    _ directory: FilePath, _ settings: IndexingSettings, _ body: (IndexerFixture) async throws -> Void
) async throws {
    let fixture = try IndexerFixture(directory, settings)
    do {
        try await fixture.start()
        try await body(fixture)
    } catch {
        try await fixture.stop()
        throw error
    }
    try await fixture.stop()
}

/// Runs blocking work on a thread of its own and gives its result without blocking the cooperative pool.
func onThread<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) async throws -> Success {
    try await withCheckedThrowingContinuation { continuation in
        do {
            _ = try SystemThread(name: "test") { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A valid safetensors file with one tensor of so many bytes, filled with one value.
func safetensors(_ fill: UInt8 = 0, data: Int = 16, metadata: String = "{}") -> [UInt8] {
    let header = Array(
        #"{"__metadata__":\#(metadata),"t":{"dtype":"U8","shape":[\#(data)],"data_offsets":[0,\#(data)]}}"#.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + [UInt8](repeating: fill, count: data)
}

/// Writes a model file that is old enough to count as complete.
func writeModel(_ path: FilePath, _ bytes: [UInt8] = safetensors(), age: Int = 3600) throws {
    try makeDirectory(path.parent)
    try writeFile(path, bytes)
    try setAge(path, seconds: age)
}

extension Indexer {
    /// The places at the tops of the roots, in the order of the configuration.
    var tops: [Place] { roots.compactMap { place(holding: $0.path) } }
}
