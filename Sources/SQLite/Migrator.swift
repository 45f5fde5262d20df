package import LinuxSystem

/// Creates a program's database, or brings one of an earlier release to the present schema.
package struct Migrator: Sendable {
    private let applicationID: Int32
    private let migrations: [Migration]
    private let trustsSchema: Bool

    /// - Parameters:
    ///   - applicationID: Marks the program's files (`PRAGMA application_id`); not 0.
    ///   - migrations: With versions from 1 on, without a gap.
    ///   - trustsSchema: As in `Connection.init`.
    package init(applicationID: Int32, migrations: [Migration], trustsSchema: Bool = false) {
        precondition(applicationID != 0, "0 marks no program")
        precondition(migrations.map(\.version) == Array(1..<(migrations.count + 1)), "versions count from 1")
        self.applicationID = applicationID
        self.migrations = migrations
        self.trustsSchema = trustsSchema
    }

    /// Runs each step that the file has not seen, each in a transaction of its own, before any `Database` opens it.
    ///
    /// An existing database is first copied to `PATH.v{N}.{timestamp}.bak`, N being its version.
    /// - Parameters:
    ///   - timestamp: Becomes part of the copy's name.
    ///   - onProgress: Called again and again while a step or the copy gets on.
    @discardableResult
    package func migrate(
        _ path: FilePath, timestamp: String, onProgress: @escaping () -> Void = {}
    ) throws(MigrationError) -> MigrationOutcome {
        let connection = try opening { () throws(SQLiteError) in
            try Connection(path, .readWriteCreate, trustsSchema: trustsSchema)
        }
        defer { connection.close() }
        let found = try version(of: connection)
        guard found <= migrations.count else { throw .newerVersion(found: found, known: migrations.count) }
        let due = migrations.dropFirst(found)
        guard !due.isEmpty else { return MigrationOutcome(found: found, reached: found, backup: nil) }
        try opening { () throws(SQLiteError) in try connection.onProgress(onProgress) }

        var backup: FilePath?
        if found > 0 {
            let copy = FilePath(bytes: path.bytes + Array(".v\(found).\(timestamp).bak".utf8)) ?? path
            try opening { () throws(SQLiteError) in try connection.backup(to: copy) }
            backup = copy
        }
        for migration in due { try run(migration, on: connection) }
        return MigrationOutcome(found: found, reached: migrations.count, backup: backup)
    }

    /// The version of a database of this program; 0 for an empty file.
    private func version(of connection: Connection) throws(MigrationError) -> Int {
        let (id, version, isEmpty) = try opening { () throws(SQLiteError) in
            (
                try connection.integerPragma("application_id"), try connection.integerPragma("user_version"),
                try connection.firstRow("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } == 0
            )
        }
        if id == Int64(applicationID), version >= 0 { return Int(version) }
        guard id == 0, version == 0, isEmpty else { throw .notADatabaseOfThisProgram(applicationID: Int(id)) }
        return 0
    }

    /// Foreign keys are off so that a step may rebuild a table that others refer to; the check before the COMMIT makes
    /// up for it (sqlite.org/lang_altertable.html, section 7).
    private func run(_ migration: Migration, on connection: Connection) throws(MigrationError) {
        do {
            try connection.setPragma("foreign_keys", 0)
            try connection.transaction {
                try connection.execute(migration.sql)
                try connection.setPragma("application_id", Int64(applicationID))
                try connection.setPragma("user_version", Int64(migration.version))
                if let table = try connection.firstRow("PRAGMA foreign_key_check", [], { $0.text(0) }) {
                    throw MigrationError.brokenForeignKeys(version: migration.version, table: table)
                }
            }
            try connection.setPragma("foreign_keys", 1)
        } catch let error as MigrationError {
            throw error
        } catch let error as SQLiteError {
            throw .stepFailed(version: migration.version, name: migration.name, error)
        } catch {
            throw .failed(SQLiteError(.error, "\(error)"))
        }
    }

    private func opening<Result>(_ body: () throws(SQLiteError) -> Result) throws(MigrationError) -> Result {
        do throws(SQLiteError) { return try body() } catch { throw .failed(error) }
    }
}
