import Testing

@testable import SQLite

@Suite struct TransactionTests {
    private func count(_ connection: Connection) throws -> Int64? {
        try connection.number("SELECT count(*) FROM t")
    }

    @Test func aBodyThatReturnsIsCommitted() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a)")
            let answer = try connection.transaction { () throws -> Int in
                #expect(connection.isInTransaction)
                try connection.run("INSERT INTO t VALUES (1)")
                return 42
            }
            #expect(answer == 42 && !connection.isInTransaction)
            #expect(try count(connection) == 1)
        }
    }

    @Test func aBodyThatThrowsIsRolledBackAndItsErrorKept() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a)")
            #expect(throws: Refusal.self) {
                try connection.transaction {
                    try connection.run("INSERT INTO t VALUES (1)")
                    throw Refusal()
                }
            }
            #expect(!connection.isInTransaction)
            #expect(try count(connection) == 0)
        }
    }

    @Test func aCommitThatFailsIsRolledBack() async throws {
        try await withConnection { connection throws in
            try connection.execute(
                """
                CREATE TABLE t (a INTEGER PRIMARY KEY);
                CREATE TABLE child (a REFERENCES t DEFERRABLE INITIALLY DEFERRED);
                """)
            let error = #expect(throws: SQLiteError.self) {
                try connection.transaction {
                    try connection.run("INSERT INTO t VALUES (1)")
                    try connection.run("INSERT INTO child VALUES (2)")
                }
            }
            #expect(error?.code == .constraintForeignKey)
            #expect(!connection.isInTransaction)
            #expect(try count(connection) == 0)
        }
    }

    @Test func aTransactionInsideATransactionIsRefused() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a)")
            try connection.transaction {
                #expect(throws: SQLiteError.self) { try connection.transaction {} }
                try connection.run("INSERT INTO t VALUES (1)")
            }
            #expect(try count(connection) == 1)
        }
    }

    @Test func aSavepointUndoesOnlyItself() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a)")
            try connection.transaction {
                try connection.run("INSERT INTO t VALUES (1)")
                #expect(throws: Refusal.self) {
                    try connection.savepoint {
                        try connection.run("INSERT INTO t VALUES (2)")
                        try connection.savepoint { try connection.run("INSERT INTO t VALUES (3)") }
                        throw Refusal()
                    }
                }
                try connection.savepoint { try connection.run("INSERT INTO t VALUES (4)") }
            }
            #expect(try connection.rows("SELECT a FROM t") { $0.integer(0) } == [1, 4])
        }
    }
}
