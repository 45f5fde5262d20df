/// A question to the daemon that was not answered.
package enum APIClientError: Error, Sendable, Equatable {
    /// No daemon, or none that went on talking; what was tried, in order.
    case unreachable(tried: [ConnectionAttempt])
    /// The daemon said no; `code` is its word for the reason.
    case refused(status: Int, code: String, message: String)
    /// What came back is not an answer of this API; a sentence about it.
    case malformed(String)
    /// The receiving closure wanted no more.
    case cancelled
}

/// A socket at which no daemon answered.
package struct ConnectionAttempt: Sendable, Equatable {
    /// The path's bytes.
    package let socket: [UInt8]
    /// The system's error number; 0 when the failure was none of the system's.
    package let errno: Int32
    /// Why, as a sentence for people.
    package let message: String

    package init(socket: [UInt8], errno: Int32, message: String) {
        self.socket = socket
        self.errno = errno
        self.message = message
    }
}
