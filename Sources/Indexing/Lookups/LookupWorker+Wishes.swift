internal import Catalog
internal import CivitAI
internal import CivitAIRecords
internal import LinuxSystem

/// What people wait for goes before everything else.
extension LookupWorker {
    func fulfil(_ wish: LookupWish) {
        do {
            guard let host else { throw LookupRefusal.disabled }
            switch wish.kind {
            case .ask(let content):
                try ask(about: content, host)
                wish.finish(.success(0))
            case .pin(let content, let version):
                try pin(content, to: version, host)
                wish.finish(.success(0))
            case .cache(let model): wish.finish(.success(try cache(model, host)))
            }
        } catch let error as CivitAIError {
            wish.finish(.failure(LookupRefusal.unavailable(error.message)))
        } catch {
            wish.finish(.failure(error))
        }
    }

    private func ask(about content: Int64, _ host: LookupHost) throws {
        let time = Timestamp.text(nanoseconds: WallClock.now)
        try write { writer, _, _ in try writer.askAgain(aboutContent: content, at: time) }
        let (hasDigest, lookup) = try indexer.catalog.read {
            (try $0.storedLookup(ofContent: content) != nil, try $0.lookup(ofContent: content))
        }
        guard hasDigest else { throw LookupRefusal.notHashed }
        guard let lookup else { throw LookupRefusal.isPrivate }
        guard indexer.knowsPrivateFiles else {
            throw LookupRefusal.unavailable("kikod is still finding out what is private; it asks as soon as it knows.")
        }
        try host.waitForTurn()
        try askAboutDigests([lookup], host)
        guard try !indexer.catalog.read({ try $0.isDescribed(content: content) }) else { return }
        try host.waitForTurn()
        try askForVersions([lookup], host)
        while let version = try indexer.catalog.read({ try $0.missedVersion(ofContent: content) }) {
            try host.waitForTurn()
            let answer = try host.ask { client throws(CivitAIError) in try client.version(id: version) }
            try store(answer, version: version, pinned: nil)
        }
    }

    private func pin(_ content: Int64, to version: Int64, _ host: LookupHost) throws {
        try host.waitForTurn()
        let answer = try host.ask { client throws(CivitAIError) in try client.version(id: version) }
        guard let answer, answer.record.modelID != nil else { throw LookupRefusal.unknownVersion(version) }
        try write { writer, now, _ in
            try writer.pin(content: content, toVersion: version, at: Timestamp.text(nanoseconds: now))
        }
        try store(answer, version: version, pinned: content)
    }

    private func cache(_ model: Int64, _ host: LookupHost) throws -> Int {
        try host.waitForTurn()
        guard let answer = try host.ask({ client throws(CivitAIError) in try client.model(id: model) }) else {
            try write { writer, now, _ in
                try writer.noteGone(
                    models: [model], next: Timestamp.text(nanoseconds: LookupSchedule.afterGone(now: now)),
                    at: Timestamp.text(nanoseconds: now))
            }
            throw LookupRefusal.unknownModel(model)
        }
        try store([KeptAnswer(answer)])
        return try indexer.catalog.read { try $0.versionCount(ofModel: model) }
    }
}
