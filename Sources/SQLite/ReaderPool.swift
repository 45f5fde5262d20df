internal import LinuxSystem
internal import Synchronization

/// A bounded number of read-only connections, opened when first needed and lent to one thread at a time.
final class ReaderPool: Sendable {
    /// `@unchecked Sendable`: a reader is either in `idle`, where nobody uses its connection, or in the hands of the
    /// one thread that `borrow` gave it to; the lock around the state orders one use before the next.
    private final class Reader: @unchecked Sendable {
        let connection: Connection
        init(_ connection: Connection) { self.connection = connection }
    }

    private struct State {
        var idle: [Reader] = []
        /// Connections that are open or being opened.
        var count = 0
        /// The connections in use, for `interrupt`.
        var interrupters: [ObjectIdentifier: Interrupter] = [:]
        var isClosed = false
    }

    private enum Turn {
        case reader(Reader)
        case open
        case closed
    }

    private let path: FilePath
    private let configuration: DatabaseConfiguration
    private let state = Mutex(State())
    private let changed = Condition()

    init(_ path: FilePath, _ configuration: DatabaseConfiguration) {
        self.path = path
        self.configuration = configuration
    }

    /// Runs `body` on the calling thread with a connection that sees one state of the database throughout.
    ///
    /// - Parameter isPrompt: it may take one of the reserved connections.
    func read<Success>(isPrompt: Bool = false, _ body: (Connection) throws -> Success) throws -> Success {
        let reader = try borrow(isPrompt: isPrompt)
        defer { giveBack(reader) }
        return try reader.connection.transaction(.deferred) { try body(reader.connection) }
    }

    /// Makes the reads that run now fail with `.interrupted`.
    func interrupt() {
        for interrupter in state.withLock({ Array($0.interrupters.values) }) { interrupter.interrupt() }
    }

    /// Refuses new reads, those that wait for a connection too; waits for those that run, and closes the connections.
    func close() {
        state.withLock { $0.isClosed = true }
        changed.broadcast()
        changed.wait { state.withLock { $0.interrupters.isEmpty && $0.count == $0.idle.count } }
        let idle = state.withLock { state in
            defer {
                state.count = 0
                state.idle.removeAll()
            }
            return state.idle
        }
        // Not left to the last reference, which the thread of the last read may still hold: only when the readers are
        // closed does the writer, as the last connection, remove the log.
        for reader in idle { reader.connection.close() }
    }

    private func borrow(isPrompt: Bool) throws(SQLiteError) -> Reader {
        var turn = Turn.closed
        changed.wait {
            guard let next = nextTurn(isPrompt: isPrompt) else { return false }
            turn = next
            return true
        }
        switch turn {
        case .reader(let reader): return reader
        case .closed: throw SQLiteError.closed
        case .open: return try open()
        }
    }

    /// What a thread in need of a connection does next; nil to wait.
    private func nextTurn(isPrompt: Bool) -> Turn? {
        state.withLock { state in
            if state.isClosed { return .closed }
            let limit = configuration.readers + (isPrompt ? configuration.reservedReaders : 0)
            guard state.count - state.idle.count < limit else { return nil }
            if let reader = state.idle.popLast() {
                state.interrupters[ObjectIdentifier(reader)] = reader.connection.interrupter
                return .reader(reader)
            }
            state.count += 1
            return .open
        }
    }

    private func open() throws(SQLiteError) -> Reader {
        do throws(SQLiteError) {
            let reader = Reader(
                try Connection(
                    path, .readOnly, cacheKibibytes: configuration.readerCacheKibibytes,
                    busyTimeoutMilliseconds: configuration.busyTimeoutMilliseconds))
            state.withLock { $0.interrupters[ObjectIdentifier(reader)] = reader.connection.interrupter }
            return reader
        } catch {
            state.withLock { $0.count -= 1 }
            changed.broadcast()
            throw error
        }
    }

    private func giveBack(_ reader: Reader) {
        // A body may have closed its connection. One that cannot leave its transaction would hold an old state, and the log, for ever.
        let isUsable = reader.connection.isOpen && !reader.connection.isInTransaction
        if !isUsable { reader.connection.close() }
        state.withLock { state in
            state.interrupters[ObjectIdentifier(reader)] = nil
            if isUsable { state.idle.append(reader) } else { state.count -= 1 }
        }
        changed.broadcast()
    }
}
