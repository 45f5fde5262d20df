package import JSON

/// Something that CivitAI's answers describe.
package protocol CivitAIRecord: Sendable {
    /// Reads what an answer says; nil for what is no such thing, or has no number.
    ///
    /// Whatever else is missing, or is not what it should be, is nil: bodies of different years differ, and none has to
    /// be as it is described.
    init?(_ json: JSONValue)
}
