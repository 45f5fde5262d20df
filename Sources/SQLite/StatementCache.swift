/// Keeps the statements used last, so that a statement used again is not compiled again.
///
/// A statement in use is out of the cache: the same SQL, used inside a walk over its own rows, is a second statement.
struct StatementCache {
    private let capacity: Int
    /// The one used last is at the end. Not a dictionary: texts are long, so that comparing the few that were used
    /// lately, most of which differ soon or are the same object, takes far less than hashing one of them.
    private var statements: [Statement] = []

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { statements.count }

    /// Takes the statement of this text out, if it is here.
    mutating func take(_ sql: String) -> Statement? {
        statements.lastIndex { $0.sql == sql }.map { statements.remove(at: $0) }
    }

    /// Puts a reset statement in; the one unused for longest gives way.
    mutating func put(_ statement: Statement) {
        guard capacity > 0 else { return }
        if statements.count >= capacity { statements.removeFirst() }
        statements.append(statement)
    }

    mutating func removeAll() { statements.removeAll() }
}
