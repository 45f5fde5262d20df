/// A request that got no answer.
package struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was.
    package enum Code: Sendable, Equatable {
        /// No connection; `errno` says why where the system does.
        case cannotConnect
        case timedOut
        /// The answer was longer than the request allows.
        case tooLarge
        /// The receiving closure wanted no more.
        case cancelled
        /// What came back was not HTTP, or ended early.
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
