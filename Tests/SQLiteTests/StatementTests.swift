import Testing

@testable import SQLite

@Suite struct StatementTests {
    @Test func everyTypeComesBackAsItWasBound() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
            let values: [Value] = [
                .null, .integer(.min), .integer(.max), .real(1.5), .text(""), .text("Größe 大小 😀"), .blob([]),
                .blob([0, 255, 1]), .textBytes([0xFF, 0x2F, 0xC3]),
            ]
            for value in values { try connection.run("INSERT INTO t (v) VALUES (?)", [value]) }
            #expect(connection.lastInsertedRowID == Int64(values.count))
            let stored = try connection.rows("SELECT v FROM t ORDER BY id") { $0.value(0) }
            #expect(stored == values)
            let types = try connection.rows("SELECT typeof(v) FROM t ORDER BY id") { $0.text(0) }
            #expect(types == ["null", "integer", "integer", "real", "text", "text", "blob", "blob", "text"])
        }
    }

    @Test func literalsAndOptionalsAreValues() {
        let values: [Value] = [
            nil, 1, 2.5, "x", true, Value(nil as Int64?), Value(3), Value(false), Value("y" as String?),
        ]
        #expect(
            values == [
                .null, .integer(1), .real(2.5), .text("x"), .integer(1), .null, .integer(3), .integer(0), .text("y"),
            ])
        #expect(Value(nil as Double?) == .null && Value(textBytes: nil) == .null && Value(blob: nil) == .null)
        #expect(Value(textBytes: [1]) == .textBytes([1]) && Value(blob: [1]) == .blob([1]))
    }

    @Test func textOfArbitraryBytesIsFoundAndReadByteForByte() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE files (path TEXT NOT NULL UNIQUE) STRICT")
            let path: [UInt8] = Array("/models/".utf8) + [0xE4, 0xFF, 0x00, 0x41]
            try connection.run("INSERT INTO files VALUES (?)", [.textBytes(path)])
            let row = try connection.firstRow(
                "SELECT path, typeof(path) FROM files WHERE path = ?", [.textBytes(path)]
            ) { ($0.bytes(0), $0.text(0), $0.text(1)) }
            #expect(row?.0 == path)
            #expect(row?.1 == "/models/\u{FFFD}\u{FFFD}\0A")
            #expect(row?.2 == "text")
            #expect(throws: SQLiteError.self) { try connection.run("INSERT INTO files VALUES (?)", [.textBytes(path)]) }
        }
    }

    @Test func unsignedNumbersKeepTheirBits() async throws {
        try await withConnection { connection throws in
            let numbers: [UInt64] = [0, 1, 1 << 63, .max]
            for number in numbers {
                let row = try connection.firstRow("SELECT ?, typeof(?1)", [Value(unsigned: number)]) {
                    ($0.unsigned(0), $0.unsignedOrNil(0), $0.text(1))
                }
                #expect(row?.0 == number && row?.1 == number && row?.2 == "integer")
            }
            #expect(Value(unsigned: nil) == .null)
        }
    }

    @Test func nullIsNilOrTheEmptyValue() async throws {
        try await withConnection { connection throws in
            try connection.query("SELECT NULL AS absent") { row in
                #expect(row.isNull(0) && row.count == 1 && row.name(0) == "absent")
                #expect(row.integerOrNil(0) == nil && row.realOrNil(0) == nil && row.textOrNil(0) == nil)
                #expect(row.bytesOrNil(0) == nil && row.unsignedOrNil(0) == nil)
                #expect(row.integer(0) == 0 && row.real(0) == 0 && row.text(0) == "" && row.bytes(0) == [])
                #expect(!row.boolean(0))
                #expect(row.value(7) == .null && row.value(-1) == .null && row.value(.max) == .null)
                #expect(row.text(7) == "" && row.bytes(-1) == [] && row.integer(7) == 0 && row.name(-1) == "")
            }
        }
    }

    @Test func aWrongNumberOfValuesIsRefused() async throws {
        try await withConnection { connection throws in
            for values: [Value] in [[], [1], [1, 2, 3]] {
                let error = #expect(throws: SQLiteError.self) { try connection.run("SELECT ?, ?", values) }
                #expect(error?.code == .range)
            }
            let statement = try connection.prepare("SELECT ?")
            #expect(throws: SQLiteError.self) { try statement.bind(1, at: 0) }
            #expect(throws: SQLiteError.self) { try statement.bind(1, at: 2) }
            #expect(throws: SQLiteError.self) { try statement.bind(1, at: .max) }
        }
    }

    @Test func onlyOneStatementIsPrepared() async throws {
        try await withConnection { connection throws in
            #expect(throws: SQLiteError.self) { try connection.prepare("") }
            #expect(throws: SQLiteError.self) { try connection.prepare("SELECT 1; SELECT 2") }
            let one = try connection.number("SELECT 1 ; \n")
            #expect(one == 1)
        }
    }

    @Test func aStatementCanBeSteppedAgainAfterAnError() async throws {
        try await withConnection { connection throws in
            try connection.execute("CREATE TABLE t (a UNIQUE)")
            let insert = try connection.prepare("INSERT INTO t VALUES (?)")
            try insert.bind([1])
            #expect(try !insert.step())
            #expect(throws: SQLiteError.self) { _ = try insert.step() }
            try insert.bind([2])
            #expect(try !insert.step())
            #expect(try connection.number("SELECT count(*) FROM t") == 2)
            #expect(insert.row.isNull(0))
        }
    }

    @Test func aDoubleQuotedTextIsNoText() async throws {
        try await withConnection { connection throws in
            #expect(throws: SQLiteError.self) { try connection.run("SELECT \"no such column\"") }
        }
    }
}
