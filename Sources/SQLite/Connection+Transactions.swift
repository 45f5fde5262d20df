extension Connection {
    /// When a transaction takes its lock.
    package enum TransactionKind: String, Sendable {
        /// At its first statement; for transactions that only read.
        case deferred = "BEGIN DEFERRED"
        /// At its start, so that it never fails half-way for want of the lock.
        case immediate = "BEGIN IMMEDIATE"
    }

    /// Runs `body` in a transaction of its own: committed when it returns, rolled back when it or the COMMIT throws.
    ///
    /// - Throws: what `body` throws, or a `SQLiteError` of BEGIN or COMMIT. Inside a transaction use `savepoint`.
    @discardableResult
    package func transaction<Result>(
        _ kind: TransactionKind = .immediate, _ body: () throws -> Result
    ) throws -> Result {
        try begin(kind)
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs `body` so that, when it throws, only its own changes are undone; inside or outside a transaction.
    @discardableResult
    package func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try run("SAVEPOINT nested")
        do {
            let result = try body()
            try run("RELEASE nested")
            return result
        } catch {
            // After some errors SQLite has rolled everything back by itself, the savepoint with it.
            if isInTransaction { try rollBackAndRelease("nested") }
            throw error
        }
    }

    func begin(_ kind: TransactionKind) throws(SQLiteError) { try run(kind.rawValue) }

    func commit() throws(SQLiteError) { try run("COMMIT") }

    /// Rolls back a transaction if one is open. It cannot fail but on a connection that is of no more use.
    func rollback() {
        if isInTransaction { _ = try? run("ROLLBACK") }
    }

    func rollBackAndRelease(_ savepoint: StaticString) throws(SQLiteError) {
        try run("ROLLBACK TO \(savepoint)")
        try run("RELEASE \(savepoint)")
    }
}
