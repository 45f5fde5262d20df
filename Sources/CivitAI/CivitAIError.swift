/// A question to CivitAI that got no usable answer.
package struct CivitAIError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failures that are treated differently.
    package enum Code: String, Sendable, Hashable {
        /// Too many questions; the host wants a pause.
        case rateLimited
        /// The host serves nobody in this part of the world.
        case regionBlocked
        /// A page that wants to know whether a person sits here.
        case challenged
        /// The host, or the network of which it is a part, has trouble.
        case unavailable
        /// The host does not answer this client, or not with this key.
        case refused
        /// The question cannot be asked like that; asking again is of no use.
        case badRequest
        /// The question or its answer is too long.
        case tooLarge
        /// No connection, no progress or no end in the time for it.
        case timedOut
        /// The host was not reached; nothing was sent.
        case cannotConnect
        /// The connection ended before the answer did.
        case connectionLost
        /// The answer is none that CivitAI gives.
        case malformed
        /// The host names another address; none but the configured one is asked.
        case redirected
        /// The client was told to end.
        case cancelled
    }

    /// The kind of failure.
    package let code: Code
    /// A sentence for people, without anything secret.
    package let message: String
    /// Nanoseconds for which the host wants to be left alone, if it says so.
    package let retryAfter: Int64?

    package init(_ code: Code, _ message: String, retryAfter: Int64? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The message.
    package var description: String { message }
}
