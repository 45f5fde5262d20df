extension Connection {
    /// Runs a statement to its end and answers how many rows it inserted, updated or deleted.
    @discardableResult
    package func run(_ sql: String, _ bindings: [Value] = []) throws(SQLiteError) -> Int {
        try withStatement(sql) { statement throws(SQLiteError) in
            try statement.bind(bindings)
            while try statement.step() {}
            return statement.isReadOnly ? 0 : changes
        }
    }

    /// Runs `body` on each row, in order; no more than one row is in memory.
    package func query(
        _ sql: String, _ bindings: [Value] = [], _ body: (Row) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        try withStatement(sql) { statement throws(SQLiteError) in
            try statement.bind(bindings)
            while try statement.step() { try body(statement.row) }
        }
    }

    /// What `transform` makes of each row, in order.
    package func rows<Element>(
        _ sql: String, _ bindings: [Value] = [], _ transform: (Row) throws(SQLiteError) -> Element
    ) throws(SQLiteError) -> [Element] {
        var elements: [Element] = []
        try query(sql, bindings) { row throws(SQLiteError) in elements.append(try transform(row)) }
        return elements
    }

    /// What `transform` makes of the first row; nil where there is none. Later rows are not computed.
    package func firstRow<Element>(
        _ sql: String, _ bindings: [Value] = [], _ transform: (Row) throws(SQLiteError) -> Element
    ) throws(SQLiteError) -> Element? {
        try withStatement(sql) { statement throws(SQLiteError) in
            try statement.bind(bindings)
            return try statement.step() ? try transform(statement.row) : nil
        }
    }
}
