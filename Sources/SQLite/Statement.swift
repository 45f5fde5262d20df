internal import CSQLite

/// One compiled SQL statement of a connection, used on the connection's thread only.
@safe package final class Statement {
    /// The statement's text.
    package let sql: String
    private let handle: OpaquePointer

    /// Takes ownership of a prepared statement.
    init(owning handle: OpaquePointer, sql: String) {
        unsafe self.handle = handle
        self.sql = sql
    }

    // A connection that was closed before lives on in SQLite until its last statement is finalized (sqlite3_close_v2).
    deinit { unsafe sqlite3_finalize(handle) }

    /// Binds one value for each `?`, after those bound before are forgotten.
    ///
    /// - Throws: `.range` when there are not as many values as parameters.
    package func bind(_ values: [Value]) throws(SQLiteError) {
        reset()
        let expected = unsafe Int(sqlite3_bind_parameter_count(handle))
        guard values.count == expected else {
            throw SQLiteError(.range, "\(values.count) values for \(expected) parameters", sql: sql)
        }
        for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
    }

    /// Binds the value of parameter `position`, counted from 1. Call it after `reset`, not between steps.
    package func bind(_ value: Value, at position: Int) throws(SQLiteError) {
        guard let index = Int32(exactly: position) else {
            throw SQLiteError(.range, "there is no parameter \(position)", sql: sql)
        }
        let result =
            switch value {
            case .null: unsafe sqlite3_bind_null(handle, index)
            case .integer(let number): unsafe sqlite3_bind_int64(handle, index, number)
            case .real(let number): unsafe sqlite3_bind_double(handle, index, number)
            case .text(var text):
                text.withUTF8 { unsafe csqlite_bind_text(handle, index, $0.baseAddress, UInt64($0.count)) }
            case .textBytes(let bytes): bindText(bytes, at: index)
            case .blob(let bytes):
                unsafe bytes.withUnsafeBytes {
                    unsafe csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count))
                }
            }
        try check(result)
    }

    /// Goes to the next row; false when there is none. The statement is reset after the last row and after an error.
    package func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            unsafe sqlite3_reset(handle)
            return false
        case let result:
            let error = failure(result)
            unsafe sqlite3_reset(handle)
            throw error
        }
    }

    /// The row that the last `step` went to; every column is NULL where there is none.
    package var row: Row { Row(statement: self) }

    /// Ends a walk over rows before its end and forgets the bound values.
    package func reset() {
        // The result repeats the error of the last step, which was thrown already.
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    /// True for a statement that changes nothing but, at most, the transaction.
    package var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

    private func bindText(_ bytes: [UInt8], at index: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes {
            unsafe csqlite_bind_text(handle, index, $0.baseAddress, UInt64($0.count))
        }
    }

    private func check(_ result: Int32) throws(SQLiteError) {
        if result != SQLITE_OK { throw failure(result) }
    }

    private func failure(_ result: Int32) -> SQLiteError {
        unsafe SQLiteError(result, of: sqlite3_db_handle(handle), sql: sql)
    }
}

/// What `Row` reads; here, where the handle is.
extension Statement {
    var columnCount: Int { unsafe Int(sqlite3_data_count(handle)) }

    func columnName(_ index: Int32) -> String {
        guard let name = unsafe sqlite3_column_name(handle, index) else { return "" }
        return unsafe String(cString: name)
    }

    func columnType(_ index: Int32) -> Int32 { unsafe sqlite3_column_type(handle, index) }

    func columnInteger(_ index: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, index) }

    func columnReal(_ index: Int32) -> Double { unsafe sqlite3_column_double(handle, index) }

    func columnText(_ index: Int32) -> String {
        // The order matters: the bytes are counted in the form that the first call made.
        guard let start = unsafe sqlite3_column_text(handle, index) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(handle, index))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func columnBytes(_ index: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, index) else { return [] }
        let count = unsafe Int(sqlite3_column_bytes(handle, index))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
