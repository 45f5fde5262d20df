/// A wish about CivitAI that cannot be done, with a sentence for who asked.
package enum LookupRefusal: Error, Hashable, Sendable {
    /// The configuration forbids every request.
    case disabled
    /// The content was seen below a root from which no hash is to be sent.
    case isPrivate
    /// It has not been hashed yet, or is not to be, so there is nothing to ask by.
    case notHashed
    /// It is empty: its digest says nothing.
    case isEmpty
    /// There is no such content any more.
    case unknownContent
    case unknownModel(Int64)
    case unknownVersion(Int64)
    /// CivitAI does not answer, or has asked to wait; the sentence says why and for how long.
    case unavailable(String)
}
