/// Questions about many things at once, which are halved where they fail, down to single ones, so that one thing that
/// CivitAI cannot answer about does not keep the others from their answers.
///
/// A value without a clock or any input and output.
struct BatchQueue<Element: Sendable>: Sendable {
    private struct Batch: Sendable {
        var elements: [Element]
        var failures = 0
        /// How many answers of the host had come when it failed first, or when what it was part of did.
        var answersBefore: Int?
    }

    /// The last one is asked about next.
    private var batches: [Batch] = []
    /// Good answers so far: a host that answers others is well.
    private var answers = 0

    /// A single question that fails as often as this is given up, even if nothing else shows that the host is well.
    private static var attempts: Int { 5 }
    /// After so many failures in a row without an answer it is not the question, whatever the answers say.
    private static var hopeless: Int { 16 }

    private var failuresInARow = 0

    /// True when nothing was answered for so long that halving leads nowhere.
    var isHopeless: Bool { failuresInARow >= Self.hopeless }

    var isEmpty: Bool { batches.isEmpty }

    /// What to ask about next; nil when nothing is left.
    var next: [Element]? { batches.last?.elements }

    /// Puts elements into the queue, as one batch.
    mutating func add(_ elements: [Element]) {
        if !elements.isEmpty { batches.insert(Batch(elements: elements), at: 0) }
    }

    /// Leaves out what is not to be asked about any more.
    mutating func keep(_ isWanted: (Element) -> Bool) {
        batches = batches.compactMap { batch in
            var batch = batch
            batch.elements = batch.elements.filter(isWanted)
            return batch.elements.isEmpty ? nil : batch
        }
    }

    /// The question was answered.
    mutating func succeed() {
        answers += 1
        failuresInARow = 0
        if !batches.isEmpty { batches.removeLast() }
    }

    /// The host has answered something else.
    mutating func noteAnswer() { answers += 1 }

    /// The question failed.
    ///
    /// - Returns: what is given up: it was asked about alone and in vain.
    mutating func fail(_ failure: QuestionFailure) -> [Element] {
        guard failure != .hostAway else { return [] }
        failuresInARow += 1
        guard !isHopeless, var batch = batches.popLast() else { return [] }
        batch.failures += 1
        let answersBefore = batch.answersBefore ?? answers
        batch.answersBefore = answersBefore
        if batch.elements.count > 1 {
            guard failure == .tooMuch || batch.failures >= 2 else {
                putBehindNext(batch)
                return []
            }
            let half = batch.elements.count / 2
            for part in [batch.elements[half...], batch.elements[..<half]] {
                batches.append(Batch(elements: Array(part), answersBefore: answersBefore))
            }
            return []
        }
        if batch.failures >= 2, answers > answersBefore || batch.failures >= Self.attempts { return batch.elements }
        // The others come first: if they are answered, it is this one's own fault.
        if batch.failures < 2 { putBehindNext(batch) } else { batches.insert(batch, at: 0) }
        return []
    }

    /// Another question in between shows whether the host is well, and keeps its failures from adding up.
    private mutating func putBehindNext(_ batch: Batch) { batches.insert(batch, at: max(0, batches.count - 1)) }
}

/// Why a question came to nothing.
enum QuestionFailure: Sendable {
    /// The answer, or the question, is larger than it may be, or did not come in time: half of it may do.
    case tooMuch
    /// The server has refused it, or its answer was none: it may be the server's bad moment, once.
    case broken
    /// No word about the question: the host is away or wants to be left alone.
    case hostAway
}
