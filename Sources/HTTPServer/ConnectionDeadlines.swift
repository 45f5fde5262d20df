internal import LinuxSystem

/// Until when the clients of one engine have to do what the server waits for. Connections are named by their
/// descriptors.
struct ConnectionDeadlines: Sendable {
    /// What a client has to do next.
    enum Wait: Hashable, Sendable {
        /// To send its first request, from the connection's beginning on.
        case request
        /// To send another request, if it likes.
        case nextRequest
        /// To take a piece of the answer.
        case taking
    }

    private struct Connection {
        /// Nil while the client waits for the server.
        var wait: Wait?
        var since: MonotonicTime
    }

    private let limits: HTTPServerLimits
    private let places: Int
    private var connections: [Int32: Connection] = [:]
    /// When `removeOverdue` may have something to do; never later than that.
    private(set) var nextLook = MonotonicTime.distantFuture

    init(limits: HTTPServerLimits, places: Int) {
        self.limits = limits
        self.places = places
    }

    mutating func open(_ descriptor: Int32, at now: MonotonicTime) {
        connections[descriptor] = Connection(wait: nil, since: now)
        set(.request, of: descriptor, at: now)
        // Those who keep the server waiting may have to make room now.
        if isFull { nextLook = min(nextLook, now) }
    }

    /// Notes what the client has to do from now on; nil when it is the server's turn.
    mutating func set(_ wait: Wait?, of descriptor: Int32, at now: MonotonicTime) {
        // One that was overdue is about to be closed.
        guard connections[descriptor] != nil else { return }
        let connection = Connection(wait: wait, since: now)
        connections[descriptor] = connection
        nextLook = min(nextLook, deadline(of: connection))
    }

    mutating func close(_ descriptor: Int32) {
        connections[descriptor] = nil
        if connections.isEmpty { nextLook = .distantFuture }
    }

    /// Forgets the connections that have to be closed: those whose time is over and, while all places are taken, the one
    /// that has kept the server waiting for the longest time.
    mutating func removeOverdue(at now: MonotonicTime) -> [Int32] {
        var overdue = connections.filter { ownDeadline(of: $0.value) <= now }.map(\.key)
        for descriptor in overdue { connections[descriptor] = nil }
        if isFull {
            let longest = connections.min { deadline(of: $0.value) < deadline(of: $1.value) }
            if let longest, deadline(of: longest.value) <= now {
                connections[longest.key] = nil
                overdue.append(longest.key)
            }
        }
        nextLook = connections.values.map(deadline).min() ?? .distantFuture
        return overdue
    }

    /// Whether a connection has not sent its first request yet.
    var awaitsFirstRequest: Bool { connections.values.contains { $0.wait == .request } }

    private var isFull: Bool { connections.count >= places }

    private func deadline(of connection: Connection) -> MonotonicTime {
        let own = ownDeadline(of: connection)
        guard isFull, connection.wait != nil else { return own }
        return min(own, connection.since.advanced(seconds: limits.crowdedSeconds))
    }

    /// The deadline however many others there are.
    private func ownDeadline(of connection: Connection) -> MonotonicTime {
        switch connection.wait {
        case .request: connection.since.advanced(seconds: limits.requestSeconds)
        // The engine closes one on which nothing comes. When the first byte came, it does not tell.
        case .nextRequest: connection.since.advanced(seconds: limits.idleSeconds + limits.requestSeconds)
        case .taking: connection.since.advanced(seconds: limits.idleSeconds)
        case nil: .distantFuture
        }
    }
}

extension MonotonicTime {
    fileprivate func advanced(seconds: Int) -> MonotonicTime {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .distantFuture : advanced(milliseconds: milliseconds)
    }
}
