package import LinuxSystem

/// A database file in write-ahead mode: one thread that writes, and readers beside it that never wait for it.
///
/// Jobs run in the order in which they were added. A body gets a connection that is its own until it returns; it must
/// not keep it, nor call back into the same `Database`.
package final class Database: Sendable {
    private let writer: Writer
    private let readers: ReaderPool
    private let reads: WorkQueue<@Sendable () -> Void>
    private let readerThreads: [SystemThread]

    /// Opens the file, or creates it with mode 0600; blocks for as long as that takes. `Migrator` goes first.
    package init(_ path: FilePath, _ configuration: DatabaseConfiguration = .init()) throws(SQLiteError) {
        writer = try Writer(path, configuration)
        readers = ReaderPool(path, configuration)
        let reads = WorkQueue<@Sendable () -> Void>()
        self.reads = reads
        do throws(SystemError) {
            var threads: [SystemThread] = []
            for number in 1...configuration.readerThreads {
                threads.append(
                    try SystemThread(name: "database-read\(number)") {
                        while let read = reads.take(upTo: 1).first { read() }
                    })
            }
            readerThreads = threads
        } catch {
            reads.close()
            writer.beginClosing()
            throw SQLiteError(error)
        }
    }

    // Threads hold the queues and not the database, so that they end, and close the file, with its last reference.
    deinit {
        reads.close()
        writer.beginClosing()
    }

    /// Runs `body` in a transaction on the writing thread and returns after its COMMIT succeeded.
    ///
    /// Throws what `body` throws, its changes rolled back, or the `SQLiteError` of the commit. A commit may be shared
    /// with other jobs; `body` runs once at most. A cancelled task's write is done all the same.
    /// - Parameter isDurable: The commit outlives a power cut (one fsync); otherwise the last ones may be lost, all or
    ///   nothing each, while the end of the process loses none.
    @discardableResult
    package func write<Success: Sendable>(
        isDurable: Bool = false, _ body: @escaping @Sendable (Connection) throws -> Success
    ) async throws -> Success {
        try await perform(.transaction(isDurable: isDurable), body)
    }

    /// As `write`, for threads outside the cooperative pool.
    @discardableResult
    package func writeBlocking<Success: Sendable>(
        isDurable: Bool = false, _ body: @escaping @Sendable (Connection) throws -> Success
    ) throws -> Success {
        try performBlocking(.transaction(isDurable: isDurable), body)
    }

    /// Runs `body` on a reading thread; it sees one state of the database, that of its first query.
    package func read<Success: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Success
    ) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            let isAdded = reads.append { [readers] in
                continuation.resume(with: Result { try readers.read(body) })
            }
            if !isAdded { continuation.resume(throwing: SQLiteError.closed) }
        }
    }

    /// Runs `body` on the calling thread, which must not be one of the cooperative pool; it sees one state of the
    /// database, that of its first query. Waits for a connection while all are in use.
    ///
    /// - Parameter isPrompt: for a short read of a thread that must not wait until others' long ones are done; it may
    ///   take a connection that is reserved for such.
    package func readBlocking<Success: Sendable>(
        isPrompt: Bool = false, _ body: (Connection) throws -> Success
    ) throws -> Success {
        try readers.read(isPrompt: isPrompt, body)
    }

    /// Begins to run `body` on a reading thread, for a thread outside of the cooperative pool that does something else
    /// meanwhile.
    package func beginRead<Success: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Success
    ) -> Reply<Success> {
        let reply = Reply<Success>()
        let isAdded = reads.append { [readers] in reply.deliver(Result { try readers.read(body) }) }
        if !isAdded { reply.deliver(.failure(SQLiteError.closed)) }
        return reply
    }

    /// Writes that wait for the writing thread, beyond the group that it works on.
    package var waitingWrites: Int { writer.waitingJobs }

    /// Makes the reads that run now fail with `.interrupted`, for a shutdown that cannot wait for them.
    package func interruptReads() { readers.interrupt() }

    /// Empties the write-ahead log into the database as far as readers let it; to be called when idle.
    ///
    /// Between such calls SQLite does it piecemeal (PASSIVE), and the log file keeps its size.
    package func checkpoint() async throws -> CheckpointResult {
        try await perform(.alone) { try $0.checkpoint() }
    }

    /// As `checkpoint`, for threads outside the cooperative pool.
    package func checkpointBlocking() throws -> CheckpointResult {
        try performBlocking(.alone) { try $0.checkpoint() }
    }

    /// Writes a compact copy of all that is committed, mode 0600, replacing a file of that name.
    package func backup(to path: FilePath) async throws {
        try await perform(.alone) { try $0.backup(to: path) }
    }

    /// As `backup`, for threads outside the cooperative pool.
    package func backupBlocking(to path: FilePath) throws {
        try performBlocking(.alone) { try $0.backup(to: path) }
    }

    /// True when the writing thread answers within the time, at the latest after the one job that it is busy with;
    /// false too once the database is closed. Blocks: for a watchdog's own thread.
    package func ping(timeoutMilliseconds: Int) -> Bool {
        writer.ping(until: .now.advanced(milliseconds: timeoutMilliseconds))
    }

    /// Waits for the jobs and reads that were there before, empties the log into the database and closes all
    /// connections; everything asked later throws. Blocks; may be called again.
    package func close() {
        reads.close()
        writer.beginClosing()
        for thread in readerThreads { _ = thread.join(milliseconds: .max) }
        readers.close()
        writer.waitUntilClosed()
    }

    private func perform<Success: Sendable>(
        _ kind: WriterJob.Kind, _ body: @escaping @Sendable (Connection) throws -> Success
    ) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            writer.add(WriterJob(kind, body) { continuation.resume(with: $0) })
        }
    }

    private func performBlocking<Success: Sendable>(
        _ kind: WriterJob.Kind, _ body: @escaping @Sendable (Connection) throws -> Success
    ) throws -> Success {
        let reply = Reply<Success>()
        writer.add(WriterJob(kind, body) { reply.deliver($0) })
        return try reply.wait()
    }
}
