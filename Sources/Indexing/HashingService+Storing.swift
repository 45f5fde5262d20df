internal import Catalog
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// The storing thread: from the hashing threads to the catalogue.
extension HashingService {
    func storeOutcomes() {
        while let deliveries = nextDeliveries() { store(deliveries) }
    }

    /// Waits for outcomes; nil when the service stops.
    private func nextDeliveries() -> [Delivery]? {
        var taken: [Delivery]?
        delivered.wait {
            self.state.withLock { state in
                if state.isStopping { return true }
                guard !state.isSuspended, !state.deliveries.isEmpty else { return false }
                taken = state.deliveries
                state.deliveries = []
                return true
            }
        }
        return taken
    }

    private func store(_ deliveries: [Delivery]) {
        do {
            let results = deliveries
            let outcomes = try surroundings.catalog.write(telling: surroundings.events) { writer, events in
                let now = WallClock.now
                // Asked for in here, so that no change of them falls between this and what is stored by it.
                let options = self.surroundings.options()
                let outcomes = try results.map {
                    try ReadingOutcomes.write($0, writer, options: options, now: now, telling: &events)
                }
                try writer.completeScans(telling: &events)
                return outcomes
            }
            for (delivery, stored) in zip(deliveries, outcomes) { report(delivery, stored: stored) }
            finish(deliveries)
        } catch {
            if ModelCatalog.isPassing(error) {
                // Hours of reading are not lost because the disk is full for a minute.
                state.withLock { $0.deliveries = deliveries + $0.deliveries }
            } else {
                finish(deliveries)
            }
            suspend(error)
        }
        surroundings.progressed()
    }

    private func finish(_ deliveries: [Delivery]) {
        state.withLock { state in
            for delivery in deliveries { state.queue.finish(delivery.job) }
            // Some may have to be read again, at once or later: the time of the next attempt has to be known.
            state.queue.newWork()
        }
        condition.broadcast()
    }

    func suspend(_ error: any Error) {
        state.withLock { state in
            state.isSuspended = true
            state.queue.catalogueChanged()
        }
        surroundings.databaseFailed(error)
    }

    private func report(_ delivery: Delivery, stored: Bool) {
        let path = LogRecord.Field("path", delivery.job.path)
        switch delivery.outcome {
        case .digests(let digests, _, _, let seconds) where stored:
            surroundings.logger.debug(
                "hashed", event: .fileHashed, path, .init("digest", digests.sha256), .init("bytes", delivery.job.size),
                .init("seconds", seconds))
        case .digests, .changed, .absent: surroundings.lookAgain(delivery.job.path)
        case .tooLarge(let message): surroundings.logger.debug(message, path)
        // Failures are told by their events.
        case .failed, .cancelled: break
        }
    }
}
