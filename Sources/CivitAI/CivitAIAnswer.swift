/// Something that CivitAI has told, as it was read and as it was sent.
package struct CivitAIAnswer<Record: Sendable>: Sendable {
    /// What was understood.
    package let record: Record
    /// The JSON text of it, byte by byte.
    package let text: [UInt8]

    package init(record: Record, text: [UInt8]) {
        self.record = record
        self.text = text
    }
}
