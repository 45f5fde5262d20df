internal import Catalog
internal import LinuxSystem

extension ModelCatalog {
    /// As `write`; the events that `body` gathers are told once the transaction is committed, in the order of the
    /// transactions, and forgotten when it fails.
    func write<Result: Sendable>(
        telling log: EventLog, _ body: @escaping @Sendable (CatalogWriter, inout [IndexEvent]) throws -> Result
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
