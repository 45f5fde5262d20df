package import LinuxSystem

extension StandInCivitAI {
    /// Every request so far, in the order in which they were complete.
    package var requests: [RecordedRequest] { core.log.requests }

    /// The requests to an endpoint.
    package func requests(to endpoint: StandInEndpoint) -> [RecordedRequest] {
        core.log.requests.filter { $0.endpoint == endpoint }
    }

    /// How often each endpoint was asked.
    package var requestCounts: [StandInEndpoint: Int] {
        core.log.requests.reduce(into: [:]) { $0[$1.endpoint, default: 0] += 1 }
    }

    /// The most requests that were being answered at the same time.
    package var peakInFlight: Int { core.log.peak }

    /// The requests that are being answered.
    package var inFlight: Int { core.log.inFlight }

    /// Forgets the requests so far, and the peak.
    package func clearRequests() { core.log.clear() }

    /// Waits until there have been so many requests, to one endpoint or to all; false when there have not in time.
    ///
    /// Blocks, so not for the cooperative pool.
    package func waitForRequests(
        _ count: Int, to endpoint: StandInEndpoint? = nil,
        until deadline: MonotonicTime = .now.advanced(milliseconds: 60_000)
    ) -> Bool {
        wait(until: deadline) { requests in
            requests.count { endpoint == nil || $0.endpoint == endpoint } >= count
        }
    }

    /// Waits until the requests are as wanted; false when they are not in time. Blocks.
    package func wait(
        until deadline: MonotonicTime = .now.advanced(milliseconds: 60_000),
        _ isMet: ([RecordedRequest]) -> Bool
    ) -> Bool {
        core.log.wait(until: deadline) { requests, _ in isMet(requests) }
    }

    /// Waits until no request is being answered; false when one still is at the deadline. Blocks.
    package func waitUntilIdle(until deadline: MonotonicTime = .now.advanced(milliseconds: 60_000)) -> Bool {
        core.log.wait(until: deadline) { _, inFlight in inFlight == 0 }
    }
}
