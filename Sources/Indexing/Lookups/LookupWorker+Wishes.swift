internal import Catalog
internal import CivitAI
internal import CivitAIRecords
internal import LinuxSystem

/// What people wait for goes before everything else.
extension LookupWorker {
    func fulfil(_ wish: LookupWish) {
        do {
            guard let host else {
                throw LookupRefusal.unavailable(service.status().message ?? "CivitAI cannot be asked.")
            }
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
        try host.waitForTurn()
        let lookup = try write { writer, now, _ in
            try writer.askAgain(aboutContent: content, at: Timestamp.text(nanoseconds: now))
            return try writer.reader.lookup(ofContent: content)
        }
        guard let lookup else { throw LookupRefusal.isPrivate }
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
            // Its versions may be answered all the same; only the daily question about many tells that it is gone.
            throw LookupRefusal.unknownModel(model)
        }
        try store([KeptAnswer(answer)])
        return try indexer.catalog.read { try $0.versionCount(ofModel: model) }
    }
}
