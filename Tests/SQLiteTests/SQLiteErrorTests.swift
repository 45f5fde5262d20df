import LinuxSystem
import TestSupport
import Testing

@testable import SQLite

@Suite struct SQLiteErrorTests {
    @Test func aPrimaryCodeMatchesItsExtendedCodes() {
        #expect(ResultCode.constraint ~= .constraintUnique)
        #expect(ResultCode.constraintUnique ~= .constraintUnique)
        #expect(!(ResultCode.constraintUnique ~= .constraintForeignKey))
        #expect(!(ResultCode.constraintUnique ~= .constraint))
        #expect(!(ResultCode.full ~= .constraintUnique))
        #expect(ResultCode.constraintUnique.primary == .constraint)
    }

    @Test func anErrorNamesCodeMessageAndStatement() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a INTEGER UNIQUE NOT NULL)")
            try connection.run("INSERT INTO t VALUES (?)", [1])
            let error = try #require(throws: SQLiteError.self) { try connection.run("INSERT INTO t VALUES (?)", [1]) }
            #expect(error.code == .constraintUnique)
            #expect(error.message == "UNIQUE constraint failed: t.a")
            #expect(error.sql == "INSERT INTO t VALUES (?)")
            #expect(error.description == "UNIQUE constraint failed: t.a (2067) in: INSERT INTO t VALUES (?)")

            let null = #expect(throws: SQLiteError.self) { try connection.run("INSERT INTO t VALUES (?)", [nil]) }
            #expect(null?.code == .constraintNotNull)
            let syntax = #expect(throws: SQLiteError.self) { try connection.run("SELEC 1") }
            #expect(syntax?.code == .error)
            #expect(syntax?.sql == "SELEC 1")
        }
    }

    @Test func aLongStatementIsCutInTheDescription() {
        let error = SQLiteError(.error, "no", sql: String(repeating: "x", count: 1000))
        #expect(error.description.count < 250)
    }

    @Test func systemErrorsBecomeResultCodes() {
        #expect(SQLiteError(SystemError(.noSpace, call: "write")).code == .full)
        #expect(SQLiteError(SystemError(.noEntry, call: "open")).code == .cannotOpen)
        #expect(SQLiteError(SystemError(.interrupted, call: "open")).code == .inputOutput)
    }
}
