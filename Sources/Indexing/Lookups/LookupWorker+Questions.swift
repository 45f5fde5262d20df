internal import Catalog
internal import CivitAI
internal import CivitAIRecords
internal import LinuxSystem

/// The questions in the order of their weight. Each answers whether it found something to ask.
extension LookupWorker {
    /// A content that somebody has pinned to a version about which nothing is known.
    func askAboutPin(_ host: LookupHost, now: Int64) throws -> Bool {
        let time = Timestamp.text(nanoseconds: now)
        guard let pin = try indexer.catalog.read({ try $0.duePins(at: time, limit: 1) }).first else { return false }
        do {
            let answer = try host.ask { client throws(CivitAIError) in try client.version(id: pin.version) }
            try store(answer, version: pin.version, pinned: pin.content)
        } catch let error as CivitAIError where error.isAboutTheQuestion {
            try putOff(pin.content, attempts: pin.attempts, error)
        }
        return true
    }

    /// Which versions there are for the digests of many contents.
    func askAboutDigests(_ host: LookupHost, now: Int64) throws -> Bool {
        guard knowsPrivateFiles else { return false }
        if digests.isEmpty {
            let due = try gatherDigests(now: now)
            let rest =
                due.isEmpty
                ? []
                : try write { writer, time, events in
                    try LookupAnswers.linkFromCache(due, writer, at: time, telling: &events)
                }
            digests.add(rest)
            // What the cache has answered was work, too.
            if rest.isEmpty { return !due.isEmpty }
        }
        try keepAskable(\.digests)
        guard let batch = digests.next else { return false }
        do {
            try askAboutDigests(batch, host)
            digests.succeed()
        } catch let error as CivitAIError {
            try takeFailure(error, of: \.digests) { worker, lookup in
                try worker.putOff(lookup.contentID, attempts: lookup.attempts, error)
            }
        }
        return true
    }

    /// Batches may have waited for long, and what they are about may be private or unlinked by now.
    private func keepAskable(_ queue: ReferenceWritableKeyPath<LookupWorker, BatchQueue<DueLookup>>) throws {
        while let batch = self[keyPath: queue].next {
            let askable = try indexer.catalog.read { try $0.askable(batch) }
            let dropped = Set(batch.map(\.contentID)).subtracting(askable)
            if dropped.isEmpty { return }
            self[keyPath: queue].keep { !dropped.contains($0.contentID) }
        }
    }

    func askAboutDigests(_ batch: [DueLookup], _ host: LookupHost) throws {
        let matches = try host.ask { client throws(CivitAIError) in
            try client.candidates(forDigests: batch.map(\.sha256))
        }
        let contents = Dictionary(batch.map { ($0.sha256, $0.contentID) }, uniquingKeysWith: { first, _ in first })
        var found: [String: [LookupCandidate]] = [:]
        for match in matches {
            guard let content = contents[match.sha256] else { continue }
            found[match.sha256, default: []].append(
                LookupCandidate(
                    contentID: content, versionID: match.versionID, modelID: match.modelID, match: .sha256))
        }
        let answer = found
        try write { writer, time, events in
            try LookupAnswers.take(answer, for: batch, writer, at: time, telling: &events)
        }
    }

    /// What the versions are that were found for digests.
    func askForVersions(_ host: LookupHost, now: Int64) throws -> Bool {
        guard knowsPrivateFiles else { return false }
        if versions.isEmpty {
            versions.add(
                try indexer.catalog.read { try $0.contentsWithWantedCandidates(limit: Self.descriptionsAtOnce) })
        }
        try keepAskable(\.versions)
        guard let batch = versions.next else { return false }
        do {
            try askForVersions(batch, host)
            versions.succeed()
        } catch let error as CivitAIError {
            // What cannot be had together with others is asked for by its number.
            try takeFailure(error, of: \.versions) { worker, lookup in
                try worker.indexer.catalog.write { try $0.closeCandidates(ofContents: [lookup.contentID]) }
            }
        }
        return true
    }

    func askForVersions(_ batch: [DueLookup], _ host: LookupHost) throws {
        var answers = try host.ask { client throws(CivitAIError) in try client.versions(forDigests: batch.map(\.sha256))
        }
        while let part = nextPart(of: &answers) {
            try write { writer, time, _ in
                for answer in part {
                    try writer.store(answer.record, raw: answer.compressed, at: Timestamp.text(nanoseconds: time))
                }
            }
        }
        try write { writer, time, events in
            let contents = batch.map(\.contentID)
            try writer.closeCandidates(ofContents: contents)
            try LookupAnswers.decide(contents, writer, at: time, telling: &events)
        }
    }

    /// A version that the answer about many has left out.
    func askForMissedVersion(_ host: LookupHost, now: Int64) throws -> Bool {
        if missed.isEmpty { missed.add(try indexer.catalog.read { try $0.missedVersions(limit: 1) }) }
        guard let version = missed.next?.first else { return false }
        do {
            let answer = try host.ask { client throws(CivitAIError) in try client.version(id: version) }
            try store(answer, version: version, pinned: nil)
            missed.succeed()
        } catch let error as CivitAIError {
            try takeFailure(error, of: \.missed) { worker, version in
                try worker.putOffContents(waitingFor: version, error)
            }
        }
        return true
    }

    /// Whole models, with what is new of them.
    func askForModels(_ host: LookupHost, now: Int64) throws -> Bool {
        if models.isEmpty {
            let time = Timestamp.text(nanoseconds: now)
            models.add(try indexer.catalog.read { try $0.dueModels(at: time, limit: Self.descriptionsAtOnce) })
        }
        guard let batch = models.next else { return false }
        do {
            try askForModels(batch, host)
            models.succeed()
        } catch let error as CivitAIError {
            try takeFailure(error, of: \.models) { worker, model in try worker.putOffModel(model) }
        }
        return true
    }

    private func askForModels(_ batch: [Int64], _ host: LookupHost) throws {
        var answers = try host.ask { client throws(CivitAIError) in try client.models(ids: batch) }
        var seen: Set<Int64> = []
        while let part = nextPart(of: &answers) {
            seen.formUnion(part.map(\.record.id))
            try store(part)
        }
        // What came and could not be read is not gone; it is asked about again by the rules for failures.
        guard answers.skippedCount == 0 else {
            for id in batch where !seen.contains(id) { try putOffModel(id) }
            return
        }
        // A server that has lost everything for a moment has lost nothing.
        if seen.isEmpty, batch.count > 1 {
            throw CivitAIError(.malformed, "CivitAI knows none of \(batch.count) models that it has described before.")
        }
        let gone = batch.filter { !seen.contains($0) }
        try write { writer, time, _ in
            try writer.noteGone(
                models: gone, next: Timestamp.text(nanoseconds: LookupSchedule.afterModel(now: time)),
                at: Timestamp.text(nanoseconds: time))
        }
    }

    /// Editing the metadata of a LoRA changes its SHA256 and not its AutoV3; so many a day are asked about by that.
    func giveSecondChance(_ host: LookupHost, now: Int64) throws -> Bool {
        let without = failedChances
        guard knowsPrivateFiles, try hasDailyAllowance(now: now),
            let chance = try indexer.catalog.read({ try $0.secondChance(without: without) })
        else { return false }
        do {
            let found = try host.ask { client throws(CivitAIError) in try client.version(hash: chance.autoV3) }
            let answer = found.map(KeptAnswer.init)
            try write { writer, time, events in
                let now = Timestamp.text(nanoseconds: time)
                try writer.noteSecondChance(content: chance.content, at: now)
                try Self.takeFromDailyAllowance(writer, at: now)
                guard let answer, answer.record.modelID != nil else { return }
                try writer.store(answer.record, raw: answer.compressed, at: now)
                try writer.note([
                    LookupCandidate(
                        contentID: chance.content, versionID: answer.record.id, modelID: answer.record.modelID,
                        match: .autoV3)
                ])
                _ = try LookupAnswers.linkByAutoV3(chance.content, writer, at: time, telling: &events)
            }
        } catch let error as CivitAIError where error.isAboutTheQuestion {
            // No answer uses up no chance; another one comes with the next start.
            failedChances.insert(chance.content)
            try write { writer, time, _ in
                try Self.takeFromDailyAllowance(writer, at: Timestamp.text(nanoseconds: time))
            }
        }
        return true
    }

    private static let allowanceKey = "civitai_second_chances"

    func hasDailyAllowance(now: Int64) throws -> Bool {
        let day = Timestamp.text(nanoseconds: now)
        return try indexer.catalog.read { try Self.taken(of: day, $0) } < LookupSchedule.secondChancesPerDay
    }

    /// The day and how many were taken of it are kept over restarts.
    private static func takeFromDailyAllowance(_ writer: CatalogWriter, at now: String) throws {
        try writer.setMetadata(allowanceKey, "\(now.prefix(10)) \(try taken(of: now, writer.reader) + 1)", at: now)
    }

    private static func taken(of day: String, _ reader: CatalogReader) throws -> Int {
        let stored = try reader.metadata(allowanceKey)?.split(separator: " ") ?? []
        return stored.first == day.prefix(10) ? stored.last.flatMap { Int($0) } ?? 0 : 0
    }
}
