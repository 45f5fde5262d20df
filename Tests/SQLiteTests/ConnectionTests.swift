import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import SQLite

@Suite struct ConnectionTests {
    @Test func aNewFileIsPrivateAndSoAreThoseBesideIt() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("test.db")
            let connection = try Connection(path, .readWriteCreate)
            try connection.useWriteAheadLog()
            try connection.execute("CREATE TABLE t (a)")
            for name in ["test.db", "test.db-wal", "test.db-shm"] {
                #expect(try FileStatus.of(directory.appending(name)).mode & 0o777 == 0o600)
            }
            connection.close()
            #expect(try directoryNames(directory) == [Array("test.db".utf8)])
        }
    }

    @Test func aPathNeedNotBeUTF8() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending([0x61, 0xFF, 0x3F])
            let connection = try Connection(path, .readWriteCreate)
            try connection.execute("CREATE TABLE t (a)")
            connection.close()
            #expect(try FileStatus.of(path).size > 0)
        }
    }

    @Test func anAbsentFileOrDirectoryIsAnError() async throws {
        try await withTemporaryDirectory { directory in
            let absent = #expect(throws: SQLiteError.self) { try Connection(directory.appending("a"), .readOnly) }
            #expect(absent?.code == .cannotOpen)
            #expect(absent?.message.contains("/a: ") == true)
            let nowhere = #expect(throws: SQLiteError.self) {
                try Connection(directory.appending("no/a"), .readWriteCreate)
            }
            #expect(nowhere?.code == .cannotOpen)
            let names = try directoryNames(directory)
            #expect(names.isEmpty)
        }
    }

    @Test func aFileThatIsNoDatabaseIsToldFromADamagedOne() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("text.db")
            try writeFile(path, String(repeating: "not a database ", count: 100))
            let error = #expect(throws: SQLiteError.self) {
                try Connection(path, .readWriteCreate).integerPragma("user_version")
            }
            #expect(error?.code == .notADatabase)
            #expect(try Connection.problems(in: path) == ["file is not a database"])
        }
    }

    @Test func aReaderCannotWrite() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("test.db")
            let writer = try Connection(path, .readWriteCreate)
            try writer.execute("CREATE TABLE t (a)")
            let reader = try Connection(path, .readOnly)
            let error = #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t VALUES (1)") }
            #expect(error.map { ResultCode.readOnly ~= $0.code } == true)
            #expect(try reader.number("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func aClosedConnectionRefusesEverything() async throws {
        try await withConnection { connection throws in
            let statement = try connection.prepare("SELECT 1")
            let interrupter = connection.interrupter
            connection.close()
            connection.close()
            interrupter.interrupt()
            let error = #expect(throws: SQLiteError.self) { try connection.run("SELECT 1") }
            #expect(error?.code == .misuse && error?.message == "the database is closed")
            #expect(throws: SQLiteError.self) { try connection.execute("SELECT 1") }
            #expect(throws: SQLiteError.self) { try connection.checkpoint() }
            #expect(throws: SQLiteError.self) { try connection.transaction {} }
            #expect(connection.changes == 0 && connection.lastInsertedRowID == 0 && !connection.isInTransaction)
            // A statement that is still held keeps what it needs alive.
            #expect(try statement.step())
        }
    }

    @Test func aScriptStopsAtItsFirstFault() async throws {
        try await withConnection { connection throws in
            let error = #expect(throws: SQLiteError.self) {
                try connection.execute("CREATE TABLE a (x); CREATE TABLE a (x); CREATE TABLE b (x);")
            }
            #expect(error?.message == "table a already exists")
            let tables = try connection.rows("SELECT name FROM sqlite_schema") { $0.text(0) }
            #expect(tables == ["a"])
        }
    }

    @Test func changesAreCounted() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a)")
            #expect(try connection.run("INSERT INTO t VALUES (1), (2), (3)") == 3)
            #expect(try connection.run("UPDATE t SET a = a + 1 WHERE a > 1") == 2)
            #expect(try connection.run("DELETE FROM t RETURNING a") == 3)
            #expect(try connection.run("SELECT 1") == 0)
        }
    }

    @Test func anInterruptEndsARunningStatement() async throws {
        try await withConnection { connection throws in
            let interrupter = connection.interrupter
            let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
            let error = #expect(throws: SQLiteError.self) {
                try connection.query(endless) { if $0.integer(0) == 1000 { interrupter.interrupt() } }
            }
            #expect(error?.code == .interrupted)
            let one = try connection.number("SELECT 1")
            #expect(one == 1)
        }
    }

    @Test func aLockHeldElsewhereIsBusyAfterTheTimeout() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("test.db")
            let first = try Connection(path, .readWriteCreate)
            let second = try Connection(path, .readWriteCreate, busyTimeoutMilliseconds: 1)
            try first.transaction {
                let error = #expect(throws: SQLiteError.self) { try second.transaction {} }
                #expect(error.map { ResultCode.busy ~= $0.code } == true)
            }
            try second.transaction {}
        }
    }

    @Test func safetySettingsAreOn() async throws {
        try await withConnection { connection throws in
            try connection.useWriteAheadLog()
            #expect(try connection.pragma("journal_mode") == "wal")
            #expect(try connection.integerPragma("synchronous") == 1)
            #expect(try connection.integerPragma("foreign_keys") == 1)
            #expect(try connection.integerPragma("trusted_schema") == 0)
            #expect(try connection.integerPragma("cell_size_check") == 1)
            #expect(try connection.integerPragma("mmap_size") == 0)
            #expect(try connection.integerPragma("temp_store") == 2)
            #expect(try connection.integerPragma("journal_size_limit") == 8_388_608)
            #expect(try connection.integerPragma("busy_timeout") == 5000)
            #expect(try connection.integerPragma("cache_size") == -2048)
            try connection.setPragma("user_version", 7)
            #expect(try connection.integerPragma("user_version") == 7)
        }
    }

    @Test func triggersMayKeepAFullTextTableOfATrustedSchema() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("test.db")
            let writer = try Connection(path, .readWriteCreate, trustsSchema: true)
            try writer.execute(
                """
                CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                CREATE VIRTUAL TABLE files_text
                    USING fts5 (name, content = 'files', content_rowid = 'id', tokenize = 'trigram');
                CREATE TRIGGER files_insert AFTER INSERT ON files BEGIN
                    INSERT INTO files_text (rowid, name) VALUES (new.id, new.name);
                END;
                """)
            try writer.run("INSERT INTO files (name) VALUES (?)", ["dreamshaper_8.safetensors"])
            // Asking such a table needs no trust.
            let reader = try Connection(path, .readOnly)
            #expect(try reader.number("SELECT rowid FROM files_text WHERE name MATCH ?", ["\"shaper\""]) == 1)
        }
    }

    @Test func damageIsReportedAndASoundFileHasNone() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("test.db")
            let connection = try Connection(path, .readWriteCreate)
            try connection.execute("CREATE TABLE t (a); CREATE INDEX i ON t (a);")
            try connection.transaction {
                for number in 0..<2000 { try connection.run("INSERT INTO t VALUES (?)", [.integer(Int64(number))]) }
            }
            #expect(try connection.quickCheck() == [])
            connection.close()
            #expect(try Connection.problems(in: path) == [])
            var bytes = try readFile(path, limit: 1 << 20)
            for index in 4096..<8192 { bytes[index] = 0xA5 }
            try writeFile(path, bytes)
            #expect(try !Connection.problems(in: path).isEmpty)
        }
    }
}
