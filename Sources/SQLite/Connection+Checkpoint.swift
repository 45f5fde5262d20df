internal import CSQLite

/// What a checkpoint did.
package struct CheckpointResult: Hashable, Sendable {
    /// All of the write-ahead log is in the database, and its file is empty. False while somebody reads an older state.
    package let isComplete: Bool
    /// Pages that were in the log and, where it is not complete, still are.
    package let pagesInLog: Int
}

extension Connection {
    /// Moves the write-ahead log into the database and empties its file (TRUNCATE), as far as readers let it, without
    /// waiting for any; then gives back memory. Only the writing connection may do this, outside a transaction.
    package func checkpoint() throws(SQLiteError) -> CheckpointResult {
        let database = try unsafe opened()
        let timeout = try integerPragma("busy_timeout")
        try setBusyTimeout(milliseconds: 0)
        var pages: Int32 = 0
        var moved: Int32 = 0
        let result = unsafe sqlite3_wal_checkpoint_v2(
            database, nil, SQLITE_CHECKPOINT_TRUNCATE, &pages, &moved)
        let error = unsafe SQLiteError(result, of: database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        try setBusyTimeout(milliseconds: Int(timeout))
        try releaseMemory()
        switch ResultCode(rawValue: result) {
        case .ok: return CheckpointResult(isComplete: true, pagesInLog: 0)
        case .busy: return CheckpointResult(isComplete: false, pagesInLog: Int(max(0, pages)))
        default: throw error
        }
    }
}
