/// A request that got no answer.
package struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was.
    package enum Code: Sendable, Equatable {
        /// No connection, or no trust in it; `errno` says why where the system does. Nothing was sent.
        case cannotConnect
        /// No connection, no progress or no end in the time for it.
        case timedOut
        /// The answer was longer than the request allows.
        case tooLarge
        /// The receiving closure wanted no more, or the client was cancelled.
        case cancelled
        /// What came back was not HTTP, or ended early, as when the connection is lost.
        case protocolViolation
        /// The request cannot be sent as it is.
        case invalidRequest
    }

    /// The kind of failure.
    package let code: Code
    /// The system's error number of a failed connection; 0 when there is none.
    package let errno: Int32
    /// A sentence for people.
    package let message: String

    package init(_ code: Code, errno: Int32 = 0, _ message: String) {
        self.code = code
        self.errno = errno
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
