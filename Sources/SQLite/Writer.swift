internal import LinuxSystem

/// The thread that does all writing and all checkpoints, with the connection that only it uses.
final class Writer: Sendable {
    private let queue: WorkQueue<WriterJob>
    private let thread: SystemThread

    /// Starts the thread and opens the file on it.
    init(_ path: FilePath, _ configuration: DatabaseConfiguration) throws(SQLiteError) {
        let queue = WorkQueue<WriterJob>()
        let opened = Reply<Void>()
        self.queue = queue
        do {
            thread = try SystemThread(name: "database-writer") {
                Self.serve(queue, path, configuration, opened)
            }
            try opened.wait()
        } catch let error as SQLiteError {
            throw error
        } catch let error as SystemError {
            throw SQLiteError(error)
        } catch {
            throw SQLiteError(.error, "\(error)")
        }
    }

    /// Adds a job; a closed writer ends it with `.closed`.
    func add(_ job: WriterJob) {
        if !queue.append(job) { job.finish(SQLiteError.closed) }
    }

    /// Jobs that the thread has not begun to look at.
    var waitingJobs: Int { queue.count }

    func ping(until deadline: MonotonicTime) -> Bool { queue.ping(until: deadline) }

    /// Takes no more jobs; the thread ends after those it has.
    func beginClosing() { queue.close() }

    /// Waits until the thread has done its jobs and closed the file.
    func waitUntilClosed() { _ = thread.join(milliseconds: .max) }

    private static func serve(
        _ queue: WorkQueue<WriterJob>, _ path: FilePath, _ configuration: DatabaseConfiguration, _ opened: Reply<Void>
    ) {
        defer { queue.abandon() }
        let connection: Connection
        do {
            connection = try Connection(
                path, .readWriteCreate, cacheKibibytes: configuration.writerCacheKibibytes,
                trustsSchema: configuration.trustsSchema, busyTimeoutMilliseconds: configuration.busyTimeoutMilliseconds
            )
            try connection.useWriteAheadLog()
            opened.deliver(.success(()))
        } catch {
            opened.deliver(.failure(error))
            return
        }
        let groups = GroupCommit(connection: connection, willRun: queue.answerPings)
        while true {
            let jobs = queue.take(upTo: GroupCommit.largestGroup)
            if jobs.isEmpty { break }
            groups.run(jobs)
        }
        // A reader of another process may be in the way; the log is then taken over at the next start.
        _ = try? connection.checkpoint()
        connection.close()
    }
}
