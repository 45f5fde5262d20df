import Glibc
import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog
@testable import LinuxSystem

/// A catalogue with the root `/m`.
struct Fixture: Sendable {
    let catalog: ModelCatalog
    let root: RootRecord

    /// A moment that rows are written at.
    static let now = "2025-01-01T00:00:00.000Z"

    func write<Result: Sendable>(_ body: @escaping @Sendable (CatalogWriter) throws -> Result) throws -> Result {
        try catalog.write(body)
    }

    func read<Result: Sendable>(_ body: (CatalogReader) throws -> Result) throws -> Result { try catalog.read(body) }

    /// Adds a file below `/m` that waits to be read.
    @discardableResult
    func add(
        _ name: String, _ status: FileStatus = .sample(), content: CatalogWriter.Content = .new(.sample),
        held: Bool = false, scan: Int64? = nil, at now: String = Fixture.now
    ) throws -> Int64 {
        let file = observe(name, status)
        return try write { writer in
            let id = try writer.add(file, content: content, held: held, scan: scan, at: now)
            // What the pipeline does with every file.
            var judgement = FileJudgement(isDangerous: false)
            (judgement.type, judgement.typeSource) = (file.placeType, file.placeTypeSource)
            try writer.store(judgement, ofFile: id)
            return id
        }
    }

    /// Adds a file below `/m` that has been read.
    @discardableResult
    func addIndexed(_ name: String, _ digests: ContentDigests, _ status: FileStatus = .sample()) throws -> Int64 {
        let id = try add(name, status)
        let job = try job(id)
        _ = try write { try $0.store(digests, of: job, description: .sample, at: Self.now) }
        return id
    }

    func observe(_ name: String, _ status: FileStatus = .sample()) -> ObservedFile {
        observe(root.path.appending(name), status)
    }

    func observe(_ path: FilePath, _ status: FileStatus = .sample()) -> ObservedFile {
        ObservedFile(
            path: path, rootID: root.id, folder: path.parent.relative(to: root.path) ?? [], status: status,
            fileSystemID: "uuid:1", isSymbolicLink: false, placeType: "lora", placeTypeSource: "folder")
    }

    /// The work that the catalogue would hand out for a file, whether or not it is due.
    func job(_ id: Int64, _ purpose: HashJob.Purpose = .first) throws -> HashJob {
        let file = try #require(try known(id))
        return HashJob(
            fileID: id, path: file.path, rootID: root.id, contentID: file.contentID, size: file.size,
            modified: file.modified, inode: file.inode, device: FileStatus.sample().device, attempts: 0,
            purpose: purpose)
    }

    func known(_ id: Int64) throws -> KnownFile? {
        guard let path = try read({ try $0.file(id: id)?.path }) else { return nil }
        return try read { try $0.file(at: path) }
    }

    func details(_ id: Int64) throws -> FileDetails? { try read { try $0.file(id: id) } }

    func state(_ id: Int64) throws -> FileState? { try details(id)?.state }

    /// The names below `/m` of the files that a filter leaves, in the order of the answer.
    func names(_ change: (inout FileFilter) -> Void) throws -> [String] {
        var filter = FileFilter()
        change(&filter)
        let files = try read { try $0.files(filter, limit: 1000) }
        #expect(try read { try $0.count(filter) } == files.count)
        return files.compactMap { $0.path.relative(to: root.path).map { String(decoding: $0, as: UTF8.self) } }
    }

    /// The files to be read next, for the first purpose for which there are any.
    func jobs(
        limit: Int = 100, now: String = Fixture.now, without excluded: Set<Int64> = [], roots: Set<Int64>? = nil
    ) throws -> [HashJob] {
        let roots = roots ?? [root.id]
        return try read { reader throws in
            for purpose in HashJob.Purpose.allCases {
                let jobs = try roots.sorted().flatMap {
                    try reader.hashJobs(purpose, ofRoot: $0, limit: limit, now: now, withoutFiles: excluded)
                }
                if !jobs.isEmpty { return jobs }
            }
            return []
        }
    }

    /// The first column of the first row, as the stored value.
    func value(_ sql: String, _ bindings: [Value] = []) throws -> Value? {
        try withConnection { try $0.firstRow(sql, bindings) { $0.value(0) } }
    }

    func texts(_ sql: String) throws -> [String] { try withConnection { try $0.rows(sql) { $0.text(0) } } }

    private func withConnection<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        let connection = try Connection(catalog.path, .readOnly)
        defer { connection.close() }
        return try body(connection)
    }
}

/// Runs `body` with an empty catalogue that has the root `/m`.
func withCatalog(_ body: (Fixture) throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        let catalog = try ModelCatalog.open(directory: directory)
        defer { catalog.close() }
        let roots = try catalog.write { try $0.setRoots([(FilePath("/m"), nil)]) { _, _ in true } }
        try body(Fixture(catalog: catalog, root: try #require(roots.first)))
    }
}

extension FileStatus {
    static func sample(
        size: Int64 = 10, modified: Int64 = 1000, changed: Int64 = 2000, inode: UInt64 = 1, links: UInt32 = 1
    ) -> FileStatus {
        FileStatus(
            kind: .regular, size: size, modified: modified, changed: changed, born: 500, inode: inode, device: 7,
            links: links, owner: 0, group: 0, mode: UInt32(S_IFREG) | 0o644)
    }
}

extension ContentDescription {
    static let sample = ContentDescription(format: "safetensors")
}

extension ContentDigests {
    /// Digests of which each begins with the digits given; the rest follows from them.
    static func sample(
        _ digits: String, autoV1: String? = nil, autoV3Full: String? = nil, crc32: String = "00000000",
        blake3: String? = nil
    ) -> ContentDigests {
        let sha256 = digits + String(repeating: "0", count: 64 - digits.utf8.count)
        return ContentDigests(
            sha256: sha256, autoV1: autoV1, autoV2: String(sha256.prefix(10)),
            autoV3: autoV3Full.map { String($0.prefix(12)) }, autoV3Full: autoV3Full, crc32: crc32, blake3: blake3)
    }
}

extension Fixture {
    /// How SQLite would go about a query.
    func plan(_ sql: String) throws -> [String] {
        let connection = try Connection(catalog.path, .readOnly)
        defer { connection.close() }
        return try connection.rows("EXPLAIN QUERY PLAN " + sql) { $0.text(3) }
    }
}

extension CatalogWriter {
    func setRoots(
        _ roots: [(path: FilePath, type: String?)], rules: String = "",
        covers: (_ path: FilePath, _ root: FilePath) -> Bool
    ) throws -> [RootRecord] {
        try setRoots(roots, rules: rules, at: Fixture.now, covers: covers)
    }
}
