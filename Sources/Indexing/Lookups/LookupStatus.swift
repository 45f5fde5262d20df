/// What is going on with CivitAI, besides what the catalogue counts.
package struct LookupStatus: Sendable, Hashable {
    package enum State: String, Sendable {
        case off, idle, fetching
        case backingOff = "backing_off"
        case blocked
    }

    package enum Key: String, Sendable {
        case none, unchecked, valid, invalid
    }

    package var state = State.off
    package var key = Key.none
    /// API requests since the process started, images apart.
    package var requestsTotal = 0
    /// When the next request may be made, in nanoseconds since 1970, while there is a reason to wait.
    package var retryAt: Int64?
    package var message: String?

    package init() {}
}
