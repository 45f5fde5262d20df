internal import Catalog
internal import LinuxSystem

/// Writes down what came of reading files.
enum ReadingOutcomes {
    /// How long a file that failed is left alone: a minute, then twice as long each time, up to a day.
    static func backOff(attempts: Int) -> Int64 {
        let minutes = 1 << min(max(attempts, 0), 11)
        return Int64(min(minutes, 24 * 60)) * 60_000_000_000
    }

    /// Writes one outcome down; false when the row no longer says what was read.
    ///
    /// - Parameter options: those of this moment; others may have been in force as the reading began.
    static func write(
        _ delivery: HashingService.Delivery, _ writer: CatalogWriter, options: IndexingOptions, now: Int64,
        telling events: inout [IndexEvent]
    ) throws -> Bool {
        let job = delivery.job
        let time = Timestamp.text(nanoseconds: now)
        guard try writer.isCurrent(job) else { return false }
        switch delivery.outcome {
        case .digests(let digests, let description, let reading, _):
            let outcome = try writer.store(
                digests, of: job, read: reading, description: description, wanted: options.wantedDigests, at: time)
            try tell(outcome, of: job, writer, &events)
            return outcome != .discarded
        case .failed(let message):
            let next = Timestamp.text(nanoseconds: now + backOff(attempts: job.attempts))
            try writer.noteTrouble(
                job.fileID, message, unread: job.purpose == .first, nextAttempt: next, at: time)
            try tell(.fileError, job.fileID, message, writer, &events)
        case .tooLarge(let message):
            try writer.skipReading(job.fileID, message, at: time)
            if job.purpose == .first { try tell(.fileIndexed, job.fileID, message, writer, &events) }
        case .changed, .absent:
            // The look that follows tells what it is now; until then it is not tried in a circle.
            try writer.postpone(job.fileID, until: Timestamp.text(nanoseconds: now + 1_000_000_000))
        case .cancelled: break
        }
        return true
    }

    private static func tell(
        _ outcome: CatalogWriter.DigestOutcome, of job: HashJob, _ writer: CatalogWriter, _ events: inout [IndexEvent]
    ) throws {
        switch outcome {
        case .discarded: break
        case .stored(let files, _):
            // Reading once more to be sure has told nothing new.
            guard job.purpose == .first else { return }
            for file in files { try tell(.fileIndexed, file, nil, writer, &events) }
        case .foundOther(let files, _):
            for file in files {
                for kind in [IndexEvent.Kind.fileChanged, .fileIndexed] { try tell(kind, file, nil, writer, &events) }
            }
        case .damaged(let files, _):
            for file in files { try tell(.fileDamaged, file, nil, writer, &events) }
        }
    }

    private static func tell(
        _ kind: IndexEvent.Kind, _ file: Int64, _ message: String?, _ writer: CatalogWriter,
        _ events: inout [IndexEvent]
    ) throws {
        // The path of the row: the file may have moved while it was read.
        events.append(IndexEvent(kind, fileID: file, path: try writer.place(ofFile: file)?.path, message: message))
    }
}

extension IndexingOptions {
    /// What a content is to have by them.
    var wantedDigests: WantedDigests { WantedDigests(blake3: blake3, autoV3UpTo: autoV3MaximumSize) }
}
