internal import CSQLite
package import LinuxSystem

/// One connection to a database file.
///
/// Not `Sendable`, and opened without SQLite's own locks: one thread uses it at a time.
@safe package final class Connection {
    /// What a connection may do with the file.
    package enum Access: Sendable {
        /// Reads and writes; an absent file is created with mode 0600.
        case readWriteCreate
        /// Reads only; an absent file is an error.
        case readOnly
    }

    /// Statements that a connection keeps compiled.
    static let cachedStatements = 64

    private var handle: OpaquePointer?
    /// What SQLite holds a pointer to.
    var progressObserver: ProgressObserver?
    private var cache = StatementCache(capacity: Connection.cachedStatements)
    /// Ends, from another thread, what this connection is doing.
    package let interrupter: Interrupter

    /// Opens a file with foreign keys on, temporary tables in memory and no memory map.
    ///
    /// - Parameters:
    ///   - trustsSchema: Lets triggers and views of the file use what could do harm in the hands of whoever wrote the
    ///     file. SQLite 3.40 counts FTS5 tables among it, so that triggers which keep such a table need it.
    ///   - busyTimeoutMilliseconds: How long a statement waits for a lock that another connection holds.
    package init(
        _ path: FilePath, _ access: Access, cacheKibibytes: Int = 2048, trustsSchema: Bool = false,
        busyTimeoutMilliseconds: Int = 5000
    ) throws(SQLiteError) {
        _ = countsNoMemory
        if access == .readWriteCreate { try createPrivateFile(path) }
        let mode = access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        var opened: OpaquePointer?
        let result = unsafe withCString(path) {
            unsafe sqlite3_open_v2($0, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        }
        guard result == SQLITE_OK, let handle = unsafe opened else {
            defer { unsafe sqlite3_close_v2(opened) }
            let error = unsafe SQLiteError(result, of: opened)
            throw SQLiteError(error.code, "\(path): \(error.message)")
        }
        unsafe self.handle = handle
        unsafe interrupter = Interrupter(handle)
        unsafe sqlite3_busy_timeout(handle, Int32(clamping: busyTimeoutMilliseconds))
        // A file from elsewhere must not run code by being opened, and "x" is a column's name, never a text.
        for (option, value): (Int32, Int32) in [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, trustsSchema ? 1 : 0),
            (SQLITE_DBCONFIG_ENABLE_FKEY, 1), (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
        ] {
            unsafe csqlite_configure(handle, option, value)
        }
        try execute(
            """
            PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -\(max(1, cacheKibibytes));
            """)
        if access == .readOnly { try execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0;") }
    }

    deinit { close() }

    /// Closes the connection; everything asked of it later throws. A transaction that is open is rolled back.
    package func close() {
        cache.removeAll()
        interrupter.forget()
        unsafe sqlite3_close_v2(handle)
        unsafe handle = nil
    }

    /// Compiles one statement that the caller keeps.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        let database = try unsafe opened()
        var prepared: OpaquePointer?
        var sql = sql
        let (result, isSingle) = sql.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { characters -> (Int32, Bool) in
                var tail: UnsafePointer<CChar>?
                let result = unsafe sqlite3_prepare_v3(
                    database, characters.baseAddress, Int32(clamping: characters.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &tail)
                guard let start = characters.baseAddress, let tail = unsafe tail else { return (result, true) }
                let rest = unsafe text.dropFirst(tail - start)
                return unsafe (result, rest.allSatisfy { $0 <= UInt8(ascii: " ") || $0 == UInt8(ascii: ";") })
            }
        }
        guard result == SQLITE_OK else { throw unsafe SQLiteError(result, of: database, sql: sql) }
        guard let owned = unsafe prepared else { throw SQLiteError(.misuse, "there is no statement", sql: sql) }
        let statement = unsafe Statement(owning: owned, sql: sql)
        guard isSingle else { throw SQLiteError(.misuse, "there is more than one statement", sql: sql) }
        return statement
    }

    /// Runs `body` with a statement that the connection keeps compiled, and resets it afterwards.
    package func withStatement<Result>(
        _ sql: String, _ body: (Statement) throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        let statement = if let kept = cache.take(sql) { kept } else { try prepare(sql) }
        defer {
            statement.reset()
            // A connection that was closed by `body` keeps nothing alive.
            if isOpen { cache.put(statement) }
        }
        return try body(statement)
    }

    /// Runs every statement of a script; what ran before a failure stays done, unless a transaction is open.
    package func execute(_ script: String) throws(SQLiteError) {
        let database = try unsafe opened()
        let result = unsafe script.withCString { unsafe sqlite3_exec(database, $0, nil, nil, nil) }
        guard result == SQLITE_OK else { throw unsafe SQLiteError(result, of: database, sql: script) }
    }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    package var changes: Int { unsafe handle.map { unsafe Int(sqlite3_changes64($0)) } ?? 0 }

    /// The rowid of the last row that this connection inserted.
    package var lastInsertedRowID: Int64 { unsafe handle.map { unsafe sqlite3_last_insert_rowid($0) } ?? 0 }

    /// True between BEGIN and COMMIT or ROLLBACK.
    package var isInTransaction: Bool { unsafe handle.map { unsafe sqlite3_get_autocommit($0) == 0 } ?? false }

    /// Sets how long a statement waits for a lock that another connection holds; 0 is not at all.
    package func setBusyTimeout(milliseconds: Int) throws(SQLiteError) {
        unsafe sqlite3_busy_timeout(try opened(), Int32(clamping: milliseconds))
    }

    /// Gives back what memory the page cache can spare.
    package func releaseMemory() throws(SQLiteError) { unsafe sqlite3_db_release_memory(try opened()) }

    /// True while a deferred foreign key is broken, so that COMMIT would fail (SQLITE_DBSTATUS_DEFERRED_FKS).
    var hasBrokenForeignKeys: Bool {
        guard let handle = unsafe handle else { return false }
        var current: Int32 = 0
        var highest: Int32 = 0
        let result = unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return result == SQLITE_OK && current != 0
    }

    var isOpen: Bool { unsafe handle != nil }

    var cachedStatementCount: Int { cache.count }

    /// The open handle, for C calls of this module.
    func opened() throws(SQLiteError) -> OpaquePointer {
        guard let handle = unsafe handle else { throw SQLiteError.closed }
        return unsafe handle
    }
}

/// Once for the process, before its first connection.
private let countsNoMemory = csqlite_count_no_memory() == SQLITE_OK
