/// Keeps the statements used last, so that a statement used again is not compiled again.
///
/// A statement in use is out of the cache: the same SQL, used inside a walk over its own rows, is a second statement.
struct StatementCache {
    private let capacity: Int
    private var entries: [String: (statement: Statement, lastUse: UInt64)] = [:]
    private var clock: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    /// Takes the statement of this text out, if it is here.
    mutating func take(_ sql: String) -> Statement? { entries.removeValue(forKey: sql)?.statement }

    /// Puts a reset statement in; the one unused for longest gives way.
    mutating func put(_ statement: Statement) {
        guard capacity > 0 else { return }
        clock += 1
        if entries.count >= capacity, entries[statement.sql] == nil,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            entries[oldest] = nil
        }
        entries[statement.sql] = (statement, clock)
    }

    mutating func removeAll() { entries.removeAll() }
}
