internal import Catalog
internal import LinuxSystem

/// What answers of CivitAI mean for the catalogue; everything here happens inside of one transaction.
enum LookupAnswers {
    /// Contents whose digests stand in the cache of versions need no question: they are linked by it.
    ///
    /// - Returns: the others.
    static func linkFromCache(
        _ lookups: [DueLookup], _ writer: CatalogWriter, at now: Int64, telling events: inout [IndexEvent]
    ) throws -> [DueLookup] {
        var rest: [DueLookup] = []
        for lookup in lookups {
            let candidates = try writer.reader.cachedCandidates(
                ofContent: lookup.contentID, digits: lookup.sha256, match: .sha256)
            guard !candidates.isEmpty else {
                rest.append(lookup)
                continue
            }
            try writer.forgetCandidates(ofContent: lookup.contentID)
            try writer.note(candidates)
            if let evidence = try writer.reader.linkEvidence(ofContent: lookup.contentID),
                case .link(let link) = LinkDecision.decide(evidence), LinkDecision.isBeyondDoubt(link, evidence)
            {
                try self.link(lookup.contentID, to: link, writer, at: now, telling: &events)
            } else {
                rest.append(lookup)
            }
        }
        return rest
    }

    /// Keeps the answer to the question which versions there are for many digests.
    ///
    /// - Parameter found: by the digests; what is not in it CivitAI does not know.
    static func take(
        _ found: [String: [LookupCandidate]], for lookups: [DueLookup], _ writer: CatalogWriter, at now: Int64,
        telling events: inout [IndexEvent]
    ) throws {
        for lookup in lookups {
            let candidates = found[lookup.sha256] ?? []
            try writer.forgetCandidates(ofContent: lookup.contentID)
            try writer.note(candidates)
            if candidates.isEmpty {
                try miss(lookup, nil, writer, at: now, telling: &events)
            } else if try writer.reader.isDescribed(content: lookup.contentID) {
                try decide(lookup, writer, at: now, telling: &events)
            }
        }
    }

    /// Goes by versions that have been described since.
    static func decide(
        _ contents: [Int64], _ writer: CatalogWriter, at now: Int64, telling events: inout [IndexEvent]
    ) throws {
        for content in contents where try writer.reader.isDescribed(content: content) {
            guard let lookup = try writer.reader.storedLookup(ofContent: content) else { continue }
            try decide(lookup, writer, at: now, telling: &events)
        }
    }

    private static func decide(
        _ lookup: DueLookup, _ writer: CatalogWriter, at now: Int64, telling events: inout [IndexEvent]
    ) throws {
        guard let evidence = try writer.reader.linkEvidence(ofContent: lookup.contentID) else { return }
        switch LinkDecision.decide(evidence) {
        case .link(let link): try self.link(lookup.contentID, to: link, writer, at: now, telling: &events)
        case .none(let message): try miss(lookup, message, writer, at: now, telling: &events)
        }
    }

    /// CivitAI does not know a content by its SHA256; a LoRA may be one of the cache with other metadata.
    private static func miss(
        _ lookup: DueLookup, _ message: String?, _ writer: CatalogWriter, at now: Int64,
        telling events: inout [IndexEvent]
    ) throws {
        let misses = lookup.state == .notFound ? lookup.attempts : 0
        let next = LookupSchedule.afterNotFound(misses: misses, now: now)
        let isNew = try writer.noteNotFound(
            content: lookup.contentID, message: message, next: Timestamp.text(nanoseconds: next),
            at: Timestamp.text(nanoseconds: now))
        if let autoV3 = try writer.reader.autoV3OfLoRA(lookup.contentID) {
            let candidates = try writer.reader.cachedCandidates(
                ofContent: lookup.contentID, digits: autoV3, match: .autoV3)
            if !candidates.isEmpty {
                try writer.note(candidates)
                if try linkByAutoV3(lookup.contentID, writer, at: now, telling: &events) { return }
            }
            try writer.wantSecondChance(content: lookup.contentID)
        }
        if isNew { try tell(.lookupNotFound, lookup.contentID, message, writer, &events) }
    }

    /// Links a content to the best of its candidates; false where none can be it.
    static func linkByAutoV3(
        _ content: Int64, _ writer: CatalogWriter, at now: Int64, telling events: inout [IndexEvent]
    ) throws -> Bool {
        guard let evidence = try writer.reader.linkEvidence(ofContent: content),
            case .link(let link) = LinkDecision.decide(evidence)
        else { return false }
        try self.link(content, to: link, writer, at: now, telling: &events)
        return true
    }

    /// Links a pinned content to its version, which is known.
    static func linkPinned(
        _ content: Int64, to version: Int64, _ writer: CatalogWriter, at now: String, telling events: inout [IndexEvent]
    ) throws {
        guard let evidence = try writer.reader.linkEvidence(ofContent: content, pinnedTo: version),
            case .link(let link) = LinkDecision.decide(evidence)
        else { throw LookupRefusal.unknownContent }
        try self.link(content, to: link, writer, at: Timestamp.nanoseconds(now) ?? WallClock.now, telling: &events)
    }

    private static func link(
        _ content: Int64, to link: ContentLink, _ writer: CatalogWriter, at now: Int64,
        telling events: inout [IndexEvent]
    ) throws {
        let time = Timestamp.text(nanoseconds: now)
        guard try writer.link(content: content, to: link, at: time) else { return }
        try tell(.lookupFound, content, nil, writer, &events)
        try tellUpdates(ofModels: [link.modelID], writer, at: time, &events)
    }

    // MARK: - Events

    private static func tell(
        _ kind: IndexEvent.Kind, _ content: Int64, _ message: String?, _ writer: CatalogWriter,
        _ events: inout [IndexEvent]
    ) throws {
        events += try writer.reader.coveredFiles(ofContent: content).map {
            IndexEvent(kind, fileID: $0.id, path: $0.path, message: message)
        }
    }

    /// Tells of newer versions than those that are installed, of each once.
    static func tellUpdates(
        ofModels ids: [Int64], _ writer: CatalogWriter, at now: String, _ events: inout [IndexEvent]
    ) throws {
        events += try writer.takeUpdateNews(ofModels: ids, at: now).map { news in
            IndexEvent(
                .updateAvailable, fileID: news.fileID, path: news.path,
                message: "\(news.modelName): there is a newer version for \(news.baseModel), \(news.versionName).")
        }
    }
}
