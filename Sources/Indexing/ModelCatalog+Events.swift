internal import Catalog
internal import LinuxSystem

extension ModelCatalog {
    /// As `write`; the events that `body` gathers are told once the transaction is committed, in the order of the
    /// transactions, and forgotten when it fails. Files of which something else is known then are judged anew in it.
    func write<Result: Sendable>(
        telling log: EventLog, _ body: @escaping @Sendable (CatalogWriter, inout [IndexEvent]) throws -> Result
    ) throws -> Result {
        let (result, isDone) = try writeTelling(log) { writer, events in
            let result = try body(writer, &events)
            return (result, try FileJudge.judgeFiles(writer, telling: &events))
        }
        // After a change that concerns very many files, others get their turn in between. What cannot be written now
        // is done with the next transaction; what `body` has done stands in any case.
        if !isDone { while (try? writeTelling(log, FileJudge.judgeFiles)) == false {} }
        return result
    }

    private func writeTelling<Result: Sendable>(
        _ log: EventLog, _ body: @escaping @Sendable (CatalogWriter, inout [IndexEvent]) throws -> Result
    ) throws -> Result {
        let (result, turn, events) = try write { writer in
            // On the one writing thread, so that turns are in the order of the transactions.
            let turn = log.takeTurn()
            var events: [IndexEvent] = []
            let result = try body(writer, &events)
            return (result, turn, events)
        }
        turn.tell(events)
        return result
    }
}

extension CatalogWriter {
    /// Completes the scans that wait for nothing any more, and has that told.
    func completeScans(telling events: inout [IndexEvent]) throws {
        events += try completeScans(now: WallClock.now).map { IndexEvent(.scanCompleted, scanID: $0) }
    }
}
