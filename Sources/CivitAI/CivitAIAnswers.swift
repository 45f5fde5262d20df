package import CivitAIRecords
internal import JSON

/// The elements of a long answer, read one by one: only the body is kept as a whole.
///
/// The body was checked to its end before the first is given out, so that nothing is taken of an answer that was cut off.
package struct CivitAIAnswers<Record: CivitAIRecord>: Sequence, IteratorProtocol {
    /// Bytes of the longest element that is read.
    private static var maximumLength: Int { 8 << 20 }

    private var elements: ElementReader
    /// Elements so far that were null, too large, or not what was asked for.
    package private(set) var skippedCount = 0

    /// Takes over a body that is an array, or an object with one of this name.
    init(body: [UInt8], member: String? = nil) throws(JSONError) {
        elements = try ElementReader(body: body, member: member)
    }

    /// The next element that can be read.
    package mutating func next() -> CivitAIAnswer<Record>? {
        while let element = elements.next(limit: Self.maximumLength) {
            if let text = element, let json = try? JSONValue(text, keepsNumbers: true), let record = Record(json) {
                return CivitAIAnswer(record: record, text: text)
            }
            skippedCount += 1
        }
        return nil
    }
}
