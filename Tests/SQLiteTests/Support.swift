import LinuxSystem
import Synchronization
import TestSupport

@testable import SQLite

/// Runs `body` with a new database file's only connection.
func withConnection(_ body: (Connection) throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        let connection = try Connection(directory.appending("test.db"), .readWriteCreate)
        defer { connection.close() }
        try body(connection)
    }
}

/// Runs `body` with a new database that has the table `items (key INTEGER PRIMARY KEY, value)`.
func withDatabase(
    _ configuration: DatabaseConfiguration = .init(), _ body: (Database, FilePath) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let path = directory.appending("test.db")
        let database = try Database(path, configuration)
        // Keeps the files until the threads have left them, also when the body throws.
        defer { database.close() }
        try await database.write { try $0.execute("CREATE TABLE items (key INTEGER PRIMARY KEY, value)") }
        try await body(database, path)
    }
}

extension Connection {
    func put(_ key: Int64, _ value: Int64) throws(SQLiteError) {
        try run("INSERT INTO items (key, value) VALUES (?, ?)", [.integer(key), .integer(value)])
    }

    func keys() throws(SQLiteError) -> [Int64] {
        try rows("SELECT key FROM items ORDER BY key") { $0.integer(0) }
    }
}

/// A gate that threads wait at until it is opened.
final class Gate: Sendable {
    private let isOpen = Mutex(false)
    private let changed = Condition()

    func open() {
        isOpen.withLock { $0 = true }
        changed.broadcast()
    }

    var isOpenNow: Bool { isOpen.withLock { $0 } }

    /// False when nobody opened it within a minute, so that a failing test ends.
    @discardableResult
    func wait() -> Bool {
        changed.wait(until: .now.advanced(milliseconds: 60_000)) { isOpen.withLock { $0 } }
    }
}

/// Runs blocking work on a thread of its own and gives its result without blocking the cooperative pool.
func onThread<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) async throws -> Success {
    try await withCheckedThrowingContinuation { continuation in
        do {
            _ = try SystemThread(name: "test") { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

struct Refusal: Error, Equatable {}

extension Connection {
    /// The integer in the first column of the first row.
    func number(_ sql: String, _ bindings: [Value] = []) throws(SQLiteError) -> Int64? {
        try firstRow(sql, bindings) { $0.integer(0) }
    }
}
