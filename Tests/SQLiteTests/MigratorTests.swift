import LinuxSystem
import TestSupport
import Testing

@testable import SQLite

@Suite struct MigratorTests {
    private static let application: Int32 = 0x4B69_6B6F
    private static let steps = [
        Migration(version: 1, name: "first", sql: "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);"),
        Migration(
            version: 2, name: "second", sql: "CREATE TABLE b (a REFERENCES a (id)); INSERT INTO a VALUES (1, 'x');"),
        Migration(version: 3, name: "third", sql: "ALTER TABLE a ADD COLUMN size INTEGER;"),
    ]

    private func migrator(_ count: Int) -> Migrator {
        Migrator(applicationID: Self.application, migrations: Array(Self.steps.prefix(count)))
    }

    private func withPath(_ body: (FilePath) throws -> Void) async throws {
        try await withTemporaryDirectory { try body($0.appending("models.db")) }
    }

    @Test func aNewFileGetsEveryStepAndNoBackup() async throws {
        try await withPath { path throws in
            let outcome = try migrator(3).migrate(path, timestamp: "T")
            #expect(outcome == MigrationOutcome(found: 0, reached: 3, backup: nil))
            let connection = try Connection(path, .readOnly)
            #expect(try connection.integerPragma("user_version") == 3)
            #expect(try connection.integerPragma("application_id") == Int64(Self.application))
            #expect(try connection.number("SELECT count(size) + count(*) FROM a") == 1)
            #expect(try directoryNames(path.parent) == [path.name])
        }
    }

    @Test func aStepThatTakesLongTellsThatItGetsOn() async throws {
        try await withPath { path throws in
            let long = Migration(
                version: 2, name: "long",
                sql: """
                    CREATE TABLE n AS WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200000)
                        SELECT x FROM c;
                    """)
            func migrator(_ steps: [Migration]) -> Migrator {
                Migrator(applicationID: Self.application, migrations: steps)
            }
            var calls = 0
            try migrator([Self.steps[0]]).migrate(path, timestamp: "T") { calls += 1 }
            #expect(calls == 0)
            try migrator([Self.steps[0], long]).migrate(path, timestamp: "T") { calls += 1 }
            #expect(calls > 5)
        }
    }

    @Test func aFileOfThePresentVersionIsLeftAlone() async throws {
        try await withPath { path throws in
            try migrator(2).migrate(path, timestamp: "T")
            let before = try readFile(path, limit: 1 << 20)
            let outcome = try migrator(2).migrate(path, timestamp: "T")
            #expect(outcome == MigrationOutcome(found: 2, reached: 2, backup: nil))
            #expect(try readFile(path, limit: 1 << 20) == before)
        }
    }

    @Test func anOlderFileIsBackedUpAndGetsTheMissingSteps() async throws {
        try await withPath { path throws in
            try migrator(1).migrate(path, timestamp: "T")
            try Connection(path, .readWriteCreate).run("INSERT INTO a VALUES (7, 'kept')")
            let outcome = try migrator(3).migrate(path, timestamp: "20260102T030405Z")
            let backup = path.parent.appending("models.db.v1.20260102T030405Z.bak")
            #expect(outcome == MigrationOutcome(found: 1, reached: 3, backup: backup))
            #expect(try Connection(path, .readOnly).number("SELECT count(*) FROM a") == 2)
            let old = try Connection(backup, .readOnly)
            #expect(try old.integerPragma("user_version") == 1)
            #expect(try old.integerPragma("application_id") == Int64(Self.application))
            #expect(try old.rows("SELECT name FROM a") { $0.text(0) } == ["kept"])
            #expect(try FileStatus.of(backup).mode & 0o777 == 0o600)
        }
    }

    @Test func aNewerFileIsRefused() async throws {
        try await withPath { path throws in
            try migrator(3).migrate(path, timestamp: "T")
            #expect(throws: MigrationError.newerVersion(found: 3, known: 2)) {
                try migrator(2).migrate(path, timestamp: "T")
            }
        }
    }

    @Test(arguments: [
        ("PRAGMA application_id = 5", 5), ("CREATE TABLE foreign_table (x)", 0), ("PRAGMA user_version = 1", 0),
    ])
    func aFileOfAnotherProgramIsRefusedAndNotChanged(script: String, id: Int) async throws {
        try await withPath { path throws in
            do {
                let connection = try Connection(path, .readWriteCreate)
                try connection.execute(script)
            }
            let before = try readFile(path, limit: 1 << 20)
            #expect(throws: MigrationError.notADatabaseOfThisProgram(applicationID: id)) {
                try migrator(3).migrate(path, timestamp: "T")
            }
            #expect(try readFile(path, limit: 1 << 20) == before)
        }
    }

    @Test func aFileThatIsNoDatabaseIsRefused() async throws {
        try await withPath { path throws in
            try writeFile(path, String(repeating: "x", count: 4096))
            let error = #expect(throws: MigrationError.self) { try migrator(1).migrate(path, timestamp: "T") }
            guard case .failed(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.code == .notADatabase)
        }
    }

    @Test func aStepThatFailsLeavesTheVersionBefore() async throws {
        try await withPath { path throws in
            let broken = Migration(version: 2, name: "broken", sql: "CREATE TABLE c (x); CREATE TABLE a (x);")
            let error = #expect(throws: MigrationError.self) {
                try Migrator(applicationID: Self.application, migrations: [Self.steps[0], broken])
                    .migrate(path, timestamp: "T")
            }
            guard case .stepFailed(version: 2, name: "broken", let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.message == "table a already exists")
            let connection = try Connection(path, .readOnly)
            #expect(try connection.integerPragma("user_version") == 1)
            #expect(try connection.rows("SELECT name FROM sqlite_schema") { $0.text(0) } == ["a"])
        }
    }

    @Test func aStepThatBreaksReferencesIsRolledBack() async throws {
        try await withPath { path throws in
            let breaking = Migration(version: 3, name: "x", sql: "INSERT INTO b VALUES (99);")
            #expect(throws: MigrationError.brokenForeignKeys(version: 3, table: "b")) {
                try Migrator(applicationID: Self.application, migrations: Self.steps.prefix(2) + [breaking])
                    .migrate(path, timestamp: "T")
            }
            #expect(try Connection(path, .readOnly).number("SELECT count(*) FROM b") == 0)
        }
    }

    @Test func aStepMayRebuildATableThatOthersReferTo() async throws {
        try await withPath { path throws in
            let rebuild = Migration(
                version: 3, name: "rebuild",
                sql: """
                    INSERT INTO b VALUES (1);
                    CREATE TABLE a2 (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                    INSERT INTO a2 SELECT * FROM a; DROP TABLE a; ALTER TABLE a2 RENAME TO a;
                    """)
            try Migrator(applicationID: Self.application, migrations: Self.steps.prefix(2) + [rebuild])
                .migrate(path, timestamp: "T")
            #expect(try Connection(path, .readOnly).number("SELECT count(*) FROM b JOIN a ON b.a = a.id") == 1)
        }
    }

    @Test func withoutABackupThereIsNoMigration() async throws {
        try await withPath { path throws in
            try migrator(1).migrate(path, timestamp: "T")
            // A directory lies where the copy should be.
            try makeDirectory(path.parent.appending("models.db.v1.T.bak"))
            #expect(throws: MigrationError.self) { try migrator(2).migrate(path, timestamp: "T") }
            #expect(try Connection(path, .readOnly).integerPragma("user_version") == 1)
        }
    }

    @Test func everyErrorHasASentence() {
        let errors: [MigrationError] = [
            .notADatabaseOfThisProgram(applicationID: 5), .newerVersion(found: 9, known: 2),
            .brokenForeignKeys(version: 3, table: "b"),
            .stepFailed(version: 2, name: "n", SQLiteError(.full, "no room")),
            .failed(SQLiteError(.full, "no room")),
        ]
        #expect(
            errors.map(\.description) == [
                "the file is a database of another program (application_id 5)",
                "the database has version 9, written by a later release; this one knows versions up to 2",
                "migration 3 leaves references without their row in table b", "migration 2 (n): no room (13)",
                "no room (13)",
            ])
    }
}
