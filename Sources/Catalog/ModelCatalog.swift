internal import Glibc
package import LinuxSystem
package import SQLite
internal import Synchronization

/// A catalogue that cannot be used.
package struct CatalogError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble, for the exit code.
    package enum Code: Sendable {
        /// Written by a later kikod, or not by kikod at all.
        case notOurs
        /// The place cannot hold a database.
        case unsuitablePlace
        /// Anything that SQLite reports.
        case database
    }

    package let code: Code
    /// What is wrong and what to do.
    package let description: String
    /// What SQLite said, where it said something.
    package let cause: SQLiteError?

    /// The system's error that is behind it, as far as SQLite tells.
    package var errno: Int32? {
        switch cause?.code.primary {
        case .full: ENOSPC
        case .inputOutput: EIO
        default: nil
        }
    }

    package init(_ code: Code, _ description: String, cause: SQLiteError? = nil) {
        self.code = code
        self.description = description
        self.cause = cause
    }
}

/// The database `models.db`: one thread writes and checkpoints, readers stand apart.
package final class ModelCatalog: Sendable {
    /// "Kiko" as four bytes, in the database header for file(1) and for us.
    static let applicationID: Int32 = 0x4B69_6B6F
    static let migrations = [
        Migration(version: 1, name: "initial", sql: String(decoding: PackageResources._001_initial_sql, as: UTF8.self)),
        Migration(version: 2, name: "places", sql: String(decoding: PackageResources._002_places_sql, as: UTF8.self)),
        Migration(version: 3, name: "reading", sql: String(decoding: PackageResources._003_reading_sql, as: UTF8.self)),
        Migration(
            version: 4, name: "identification",
            sql: String(decoding: PackageResources._004_identification_sql, as: UTF8.self)),
        Migration(version: 5, name: "civitai", sql: String(decoding: PackageResources._005_civitai_sql, as: UTF8.self)),
        Migration(version: 6, name: "answers", sql: String(decoding: PackageResources._006_answers_sql, as: UTF8.self)),
    ]

    private let database: Database
    package let path: FilePath
    /// Transactions that were committed since the start.
    private let commits = Atomic(0)
    private let knownFigures = Mutex<(commits: Int, figures: CatalogFigures)?>(nil)

    /// The version of the schema that this program writes.
    package static var schemaVersion: Int { migrations.count }

    private init(database: Database, path: FilePath) {
        self.database = database
        self.path = path
    }

    /// Opens or makes the catalogue in a directory that exists. Blocks.
    package static func open(
        directory: FilePath, now: Int64 = WallClock.now, onProgress: @escaping () -> Void = {}
    ) throws(CatalogError) -> ModelCatalog {
        let path = directory.appending("models.db")
        try checkPlace(directory)
        removeUnfinishedBackup(in: directory)
        do {
            _ = try Migrator(applicationID: applicationID, migrations: migrations)
                .migrate(path, timestamp: compact(now), onProgress: onProgress)
            let catalog = ModelCatalog(database: try Database(path), path: path)
            try catalog.finishSearch(onProgress)
            try catalog.write { writer in
                try writer.noteSchemaVersion(schemaVersion, at: Timestamp.text(nanoseconds: now))
            }
            return catalog
        } catch MigrationError.failed(let error) where error.code == .notADatabase {
            throw CatalogError(.notOurs, "\(path) is not a database of kikod; move it away or set another data_dir")
        } catch let error as MigrationError {
            throw CatalogError(code(of: error), "\(path): \(error)")
        } catch let error as SQLiteError {
            throw CatalogError(.database, "cannot open \(path): \(error.message)", cause: error)
        } catch {
            throw CatalogError(.database, "cannot open \(path): \(error)")
        }
    }

    /// Makes the texts that are searched of a catalogue of an earlier release, in transactions of bounded size.
    private func finishSearch(_ onProgress: () -> Void) throws {
        while try !database.writeBlocking({ try CatalogWriter(connection: $0).updateSearch(limit: 2000) }) {
            onProgress()
        }
    }

    /// A later release's database, or another program's, is a matter of configuration; anything else is trouble.
    private static func code(of error: MigrationError) -> CatalogError.Code {
        switch error {
        case .newerVersion, .notADatabaseOfThisProgram: .notOurs
        case .brokenForeignKeys, .stepFailed, .failed: .database
        }
    }

    /// The time as part of a file name: `20250131T120000Z`.
    private static func compact(_ now: Int64) -> String {
        Timestamp.text(nanoseconds: now).prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// WAL needs memory that all openers share, which a network file system cannot give (sqlite.org/wal.html).
    private static func checkPlace(_ directory: FilePath) throws(CatalogError) {
        let descriptor: FileDescriptor
        do throws(SystemError) {
            descriptor = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        } catch {
            throw CatalogError(.unsuitablePlace, "the data directory cannot be used: \(error)")
        }
        guard !descriptor.fileSystemType().isNetwork else {
            throw CatalogError(
                .unsuitablePlace,
                "the data directory \(directory) lies on a network file system, where SQLite cannot work safely;"
                    + " set data_dir to a local directory")
        }
    }

    /// Runs `body` in a transaction on the writing thread, with what follows of it for `search`, and waits for its commit. Never call it on the cooperative pool.
    package func write<Result: Sendable>(_ body: @escaping @Sendable (CatalogWriter) throws -> Result) throws -> Result
    {
        let result = try database.writeBlocking { connection in
            let writer = CatalogWriter(connection: connection)
            let result = try body(writer)
            _ = try writer.updateSearch()
            return result
        }
        commits.add(1, ordering: .sequentiallyConsistent)
        return result
    }

    /// Runs `body` on a reading connection that sees one state. Never call it on the cooperative pool.
    package func read<Result: Sendable>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        try database.readBlocking { connection in try body(CatalogReader(connection: connection)) }
    }

    /// As `read`, for a short read of a thread that many wait for, such as one that serves connections: it does not wait
    /// until the long reads of others are done.
    package func readPromptly<Result: Sendable>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        try database.readBlocking(isPrompt: true) { connection in try body(CatalogReader(connection: connection)) }
    }

    /// What the status tells of the catalogue; it is counted once for as long as nobody writes, however often it is
    /// asked for. Never call it on the cooperative pool.
    package func figures() throws -> CatalogFigures {
        // Under the lock, so that whoever asks meanwhile waits for the same count.
        try knownFigures.withLock { known in
            // Before the count: what is committed while it runs may be in it or not, and makes the next one anew.
            let commits = commits.load(ordering: .sequentiallyConsistent)
            if let known, known.commits == commits { return known.figures }
            let figures = try readPromptly { reader in
                CatalogFigures(
                    counts: try reader.counts(), presentFiles: try reader.presentCounts(),
                    lastScan: try reader.lastScan(), lookups: try reader.lookupCounts())
            }
            known = (commits, figures)
            return figures
        }
    }

    /// Begins to run `body` on a reading connection and a thread of its own.
    ///
    /// - Returns: what waits for the outcome; never on the cooperative pool.
    package func beginRead<Result: Sendable>(
        _ body: @escaping @Sendable (CatalogReader) throws -> Result
    ) -> @Sendable () throws -> Result {
        let reply = database.beginRead { connection in try body(CatalogReader(connection: connection)) }
        return { try reply.wait() }
    }

    /// True when the writing thread answers in time.
    package func ping(milliseconds: Int) -> Bool { database.ping(timeoutMilliseconds: milliseconds) }

    /// Folds the log into the database file; false when a reader kept it from being done. Blocks.
    package func checkpoint() -> Bool { (try? database.checkpointBlocking().isComplete) == true }

    /// Bytes of the database file and its log.
    package var bytes: Int64 {
        [path, FilePath(path.description + "-wal")].reduce(0) { $0 + ((try? FileStatus.of($1).size) ?? 0) }
    }

    /// Finishes what was handed in, checkpoints and closes. Blocks.
    package func close() { database.close() }
}
