internal import IndexAPI
internal import LinuxSystem
internal import Synchronization

/// How many requests were answered, how, and how fast. Bounded by the routes and their few statuses.
final class RequestMetrics: Sendable {
    /// What was measured of a route.
    struct Route: Sendable {
        /// Requests by the status of their answers.
        var statuses: [Int: Int] = [:]
        /// Requests by the first of the bounds that they kept; the last are those that kept none.
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var nanoseconds: UInt64 = 0
    }

    /// Seconds.
    static let bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

    /// When the process began to answer, in seconds since 1970; the same for as long as it runs, whatever the clock does.
    let startedAt: Double
    private let routes = Mutex<[APIRoute.ID?: Route]>([:])

    init(since started: MonotonicTime) {
        startedAt = Double(WallClock.now - MonotonicTime.now.since(started)) / 1e9
    }

    /// Notes an answer; the time ends where the answer begins to be sent.
    ///
    /// - Parameter route: nil for a request that leads to none.
    func note(_ route: APIRoute.ID?, status: Int, since begun: MonotonicTime) {
        let nanoseconds = max(0, MonotonicTime.now.since(begun))
        let seconds = Double(nanoseconds) / 1e9
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        routes.withLock { routes in
            routes[route, default: Route()].statuses[status, default: 0] += 1
            routes[route, default: Route()].buckets[bucket] += 1
            routes[route, default: Route()].nanoseconds += UInt64(nanoseconds)
        }
    }

    /// What was measured so far, in the order of the table; last what leads to no route.
    var measured: [(route: APIRoute?, figures: Route)] {
        let routes = routes.withLock { $0 }
        return (APIRoute.all.map(Optional.some) + [nil]).compactMap { route in
            routes[route?.id].map { (route, $0) }
        }
    }
}
