package import LinuxSystem

/// One step of a schema: what brings a database from the version before to this one.
package struct Migration: Sendable {
    /// The `user_version` of a database after this step; 1 for the first.
    package let version: Int
    /// What the step does, for messages.
    package let name: String
    /// A script without BEGIN and COMMIT.
    package let sql: String

    package init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }
}

/// What a `Migrator` found and did.
package struct MigrationOutcome: Hashable, Sendable {
    /// The version before; 0 for a new file.
    package let found: Int
    /// The version now.
    package let reached: Int
    /// Where the database from before the first step was copied to; nil for a new file and where no step was due.
    package let backup: FilePath?
}

/// Why a file cannot be brought to this program's schema. The file is as it was, or at an earlier of its versions.
package enum MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file holds a database that is marked as another program's, or tables without this program's mark.
    case notADatabaseOfThisProgram(applicationID: Int)
    /// The database was written by a later release.
    case newerVersion(found: Int, known: Int)
    /// A step left rows in this table that refer to rows that do not exist.
    case brokenForeignKeys(version: Int, table: String)
    /// A statement of this step failed.
    case stepFailed(version: Int, name: String, SQLiteError)
    /// The file could not be opened, read or backed up.
    case failed(SQLiteError)

    package var description: String {
        switch self {
        case .notADatabaseOfThisProgram(let id):
            "the file is a database of another program (application_id \(id))"
        case .newerVersion(let found, let known):
            "the database has version \(found), written by a later release; this one knows versions up to \(known)"
        case .brokenForeignKeys(let version, let table):
            "migration \(version) leaves references without their row in table \(table)"
        case .stepFailed(let version, let name, let error): "migration \(version) (\(name)): \(error)"
        case .failed(let error): "\(error)"
        }
    }
}
