/// Runs the jobs of the writing thread, several transactions' worth in one COMMIT.
///
/// A commit costs the same for one job as for fifty, so jobs that came while another commit ran share the next.
/// Each then has a savepoint: one that throws undoes only itself. No job runs twice; callers hear of success only
/// after the COMMIT.
struct GroupCommit {
    /// Jobs that share a commit at most, so that the first is not kept waiting for long.
    static let largestGroup = 64

    let connection: Connection
    /// Called before each job.
    let willRun: () -> Void

    /// Runs the jobs in order and gives each its outcome.
    func run(_ jobs: [WriterJob]) {
        var rest = jobs[...]
        while let first = rest.first {
            if first.isInTransaction {
                rest = commitTogether(rest.prefix { $0.isInTransaction }) + rest.drop { $0.isInTransaction }
            } else {
                willRun()
                _ = first.run(connection)
                connection.rollback()
                first.finish(nil)
                rest = rest.dropFirst()
            }
        }
    }

    /// Runs jobs in one transaction; returns those that it had not begun when the transaction broke down.
    private func commitTogether(_ jobs: ArraySlice<WriterJob>) -> ArraySlice<WriterJob> {
        let isDurable = jobs.contains { $0.isDurable }
        do {
            if isDurable { try connection.setPragma("synchronous", 2) }
            try connection.begin(.immediate)
        } catch {
            finish(jobs, error, isDurable: isDurable)
            return []
        }
        var begun: [WriterJob] = []
        var rest = jobs
        while let job = rest.popFirst() {
            willRun()
            begun.append(job)
            if let error = runInSavepoint(job, isAlone: jobs.count == 1) {
                connection.rollback()
                finish(begun, error, isDurable: isDurable)
                return rest
            }
        }
        do {
            try connection.commit()
            finish(begun, nil, isDurable: isDurable)
        } catch {
            connection.rollback()
            finish(begun, error, isDurable: isDurable)
        }
        return []
    }

    /// Runs a job and undoes it when it failed; an error where that cannot be, so that all must be rolled back.
    private func runInSavepoint(_ job: WriterJob, isAlone: Bool) -> SQLiteError? {
        do throws(SQLiteError) {
            if isAlone {
                // Without neighbours the transaction itself is what is rolled back.
                return job.run(connection).map(Self.databaseError) ?? endedTransaction
            }
            try connection.run("SAVEPOINT job")
            var failure = job.run(connection)
            if let ended = endedTransaction { return failure.map(Self.databaseError) ?? ended }
            if failure == nil, connection.hasBrokenForeignKeys {
                // Left to the COMMIT this would take the neighbours with it.
                let error = SQLiteError(.constraintForeignKey, "FOREIGN KEY constraint failed")
                job.fail(error)
                failure = error
            }
            if failure == nil {
                try connection.run("RELEASE job")
            } else {
                try connection.rollBackAndRelease("job")
            }
            return nil
        } catch {
            return error
        }
    }

    private var endedTransaction: SQLiteError? {
        connection.isInTransaction ? nil : SQLiteError(.misuse, "a job ended the transaction that it ran in")
    }

    private static func databaseError(_ error: any Error) -> SQLiteError {
        error as? SQLiteError ?? SQLiteError(.error, "the transaction was rolled back: \(error)")
    }

    private func finish(_ jobs: some Sequence<WriterJob>, _ error: SQLiteError?, isDurable: Bool) {
        if isDurable { try? connection.setPragma("synchronous", 1) }
        for job in jobs { job.finish(error) }
    }
}
