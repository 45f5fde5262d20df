internal import Catalog
internal import CivitAI
internal import CivitAIRecords
internal import LinuxSystem

/// From answers, and from questions without one, to the catalogue.
extension LookupWorker {
    /// Answers that are written in one transaction: so many, or so many bytes of text.
    private static let answersAtOnce = 10
    private static let bytesAtOnce = 2 << 20

    /// A transaction with the events that it makes true; `body` gets the time in nanoseconds since 1970.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (CatalogWriter, Int64, inout [IndexEvent]) throws -> Result
    ) throws -> Result {
        let result = try indexer.catalog.write(telling: indexer.events) { writer, events in
            try body(writer, WallClock.now, &events)
        }
        indexer.noteProgress()
        return result
    }

    /// A record with its text as the catalogue keeps it.
    struct KeptAnswer<Record: Sendable>: Sendable {
        let record: Record
        let compressed: CompressedText?

        init(_ answer: CivitAIAnswer<Record>) {
            record = answer.record
            compressed = CompressedText(answer.text)
        }
    }

    /// The next few of many answers; nil after the last.
    func nextPart<Record>(of answers: inout CivitAIAnswers<Record>) -> [KeptAnswer<Record>]? {
        var part: [KeptAnswer<Record>] = []
        var bytes = 0
        while part.count < Self.answersAtOnce, bytes < Self.bytesAtOnce, let answer = answers.next() {
            bytes += answer.text.count
            part.append(KeptAnswer(answer))
        }
        return part.isEmpty ? nil : part
    }

    /// Keeps whole models, and tells of versions that are newer than the installed ones.
    func store(_ answers: [KeptAnswer<CivitAIModel>]) throws {
        try write { writer, now, events in
            let time = Timestamp.text(nanoseconds: now)
            let next = Timestamp.text(nanoseconds: LookupSchedule.afterModel(now: now))
            for answer in answers { try writer.store(answer.record, raw: answer.compressed, next: next, at: time) }
            try LookupAnswers.tellUpdates(ofModels: answers.map(\.record.id), writer, at: time, &events)
        }
    }

    /// Keeps the answer to the question about one version, nil for one that CivitAI does not have, and links what waited
    /// for it.
    func store(_ answer: CivitAIAnswer<CivitAIVersion>?, version: Int64, pinned: Int64?) throws {
        let kept = answer.map(KeptAnswer.init)
        try write { writer, now, events in
            let time = Timestamp.text(nanoseconds: now)
            if let kept { try writer.store(kept.record, raw: kept.compressed, at: time) }
            let contents = try writer.closeCandidates(withVersion: version)
            try LookupAnswers.decide(contents, writer, at: now, telling: &events)
            guard let pinned else { return }
            if try writer.reader.hasVersion(version) {
                try LookupAnswers.linkPinned(pinned, to: version, writer, at: time, telling: &events)
            } else {
                try writer.noteLookupFailure(
                    content: pinned, message: "CivitAI has no version \(version).",
                    next: Timestamp.text(nanoseconds: LookupSchedule.afterModel(now: now)))
            }
        }
    }

    // MARK: - Failures

    /// Goes by a question that failed: halves it, or gives up what was asked about alone and in vain. Failures of the host
    /// are the host's.
    func takeFailure<Element>(
        _ error: CivitAIError, of queue: ReferenceWritableKeyPath<LookupWorker, BatchQueue<Element>>,
        giveUp: (LookupWorker, Element) throws -> Void
    ) throws {
        if error.code == .cancelled { throw error }
        // A refusal is a sign of life.
        if error.code == .badRequest { self[keyPath: queue].noteAnswer() }
        for element in self[keyPath: queue].fail(error.failure) { try giveUp(self, element) }
        if self[keyPath: queue].isHopeless { host?.spare(error) }
    }

    func putOff(_ content: Int64, attempts: Int, _ error: CivitAIError) throws {
        try write { writer, now, _ in
            try writer.noteLookupFailure(
                content: content, message: error.message,
                next: Timestamp.text(nanoseconds: LookupSchedule.afterFailure(attempts: attempts, now: now)))
        }
    }

    /// Contents with a candidate that cannot be described are in error until they are due again.
    func putOffContents(waitingFor version: Int64, _ error: CivitAIError) throws {
        try write { writer, now, _ in
            for content in try writer.failCandidates(withVersion: version) {
                let attempts = try writer.reader.storedLookup(ofContent: content)?.attempts ?? 0
                try writer.noteLookupFailure(
                    content: content, message: error.message,
                    next: Timestamp.text(nanoseconds: LookupSchedule.afterFailure(attempts: attempts, now: now)))
            }
        }
    }

    func putOffModel(_ id: Int64) throws {
        try write { writer, now, _ in
            let attempts = try writer.reader.attempts(ofModel: id)
            try writer.noteFailure(
                ofModel: id,
                next: Timestamp.text(nanoseconds: LookupSchedule.afterFailure(attempts: attempts, now: now)))
        }
    }
}

extension CivitAIError {
    /// What it means for a question about many things.
    var failure: QuestionFailure {
        switch code {
        case .tooLarge, .timedOut: .tooMuch
        case .badRequest, .unavailable, .malformed, .connectionLost: .broken
        case .rateLimited, .regionBlocked, .challenged, .refused, .cannotConnect, .redirected, .cancelled: .hostAway
        }
    }

    /// Whether another question may be answered.
    var isAboutTheQuestion: Bool { failure != .hostAway }
}
