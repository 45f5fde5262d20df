internal import Catalog
internal import FoundationEssentials
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

extension APIRequestHandler {
    /// Answers that may take long; called on a thread of their own.
    func answerWithTime(_ call: Call) throws -> HTTPResponse {
        switch call.route.id {
        case .lookupMany: return try json(lookupMany(try body(call)))
        case .scan: return try json(scan(try body(call)), status: call.route.status)
        case .sync: return try json(sync(try body(call)))
        case .pause: return try json(pause(try body(call)))
        case .resume: return try json(resume(try body(call)))
        case .verify: return try json(verify(try body(call)), status: call.route.status)
        case .link: return try link(try body(call))
        case .unlink: return try json(unlink(try body(call)))
        case .set: return try json(set(try body(call)))
        case .cache: return try json(cache(try body(call)))
        default: throw APIProblem(.notFound, "There is nothing at this path.")
        }
    }

    private func lookupMany(_ request: LookupRequest) throws -> LookupResults {
        guard request.hashes.count <= LookupRequest.maximum else {
            throw APIProblem(.badRequest, "hashes: at most \(LookupRequest.maximum) in one request.")
        }
        if let wrong = request.hashes.first(where: { !APIParameter.isHash($0) }) {
            throw APIProblem(.badRequest, "hashes: \"\(wrong.prefix(80))\" is not 8 to 64 hexadecimal digits.")
        }
        return LookupResults(results: try request.hashes.map(lookupResult))
    }

    private func scan(_ request: IndexAPI.ScanRequest) throws -> ScanAnswer {
        let started = try index.indexer.startScans(
            path: try requestedPath(request.path, base64: request.pathBase64), rehash: request.rehash,
            acceptsEmpty: request.acceptEmpty)
        return ScanAnswer(scans: started.map { StartedScan(id: $0.id, root: $0.root.description) })
    }

    private func sync(_ request: SyncRequest) throws -> SyncAnswer {
        guard (0...86_400).contains(request.timeoutSeconds) else {
            throw APIProblem(.badRequest, "timeout_seconds: a whole number from 0 to 86400 is expected.")
        }
        guard let turn = syncs.take() else {
            throw APIProblem(.unavailable, "Too many wait for changes already; try again.")
        }
        defer { withExtendedLifetime(turn) {} }
        let outcome = try outcome(of: request)
        return SyncAnswer(
            synced: outcome.isSynced, skipped: outcome.skipped.map(\.description),
            waiting: outcome.waiting.map(\.description))
    }

    /// While hashing is paused, a wait for hashes would only end by its time-out.
    private func outcome(of request: SyncRequest) throws -> Indexer.SyncOutcome {
        let milliseconds = request.timeoutSeconds * 1000
        guard request.hashed, try isPaused() else {
            let outcome = index.indexer.sync(hashed: request.hashed, milliseconds: milliseconds)
            // The pause may have begun meanwhile.
            if request.hashed, !outcome.isSynced { _ = try isPaused() }
            return outcome
        }
        let outcome = index.indexer.sync(hashed: false, milliseconds: milliseconds)
        // What it found is pending by now.
        _ = try isPaused()
        return outcome
    }

    /// True while hashing is paused and nothing waits for it; where something waits, that is the problem.
    private func isPaused() throws -> Bool {
        let status = try index.indexer.status()
        guard status.hashing.state == .paused else { return false }
        guard status.counts.pending == 0 else {
            throw APIProblem(
                .conflict,
                "Hashing is paused, and files wait for it (\(status.counts.pending)); kikod-ctl resume goes on with it."
            )
        }
        return true
    }

    private func pause(_ request: PauseRequest) throws -> HashingStatus {
        if let seconds = request.seconds, !PauseRequest.seconds.contains(seconds) {
            let range = PauseRequest.seconds
            throw APIProblem(
                .badRequest,
                "seconds: a whole number from \(range.lowerBound) to \(range.upperBound) is expected, or null.")
        }
        try index.indexer.pause(seconds: request.seconds)
        return try status().hashing
    }

    private func resume(_: ResumeRequest) throws -> HashingStatus {
        try index.indexer.resume()
        return try status().hashing
    }

    private func verify(_ request: VerifyRequest) throws -> VerifyAnswer {
        let path = try requestedPath(request.path, base64: request.pathBase64)
        let begun = try index.indexer.startVerification(path: path)
        return VerifyAnswer(id: begun.id, files: begun.files, bytes: begun.bytes)
    }

    /// The path of a body, as the catalogue has it; nil where none is given.
    private func requestedPath(_ text: String?, base64: String?) throws -> FilePath? {
        guard let path = try Self.writtenPath(text, base64: base64) else { return nil }
        return index.indexer.catalogPath(for: path) ?? path
    }

    /// A place in a body as programmers write it, such as `hashes[0]`.
    private static func keyText(_ path: [any CodingKey]) -> String {
        path.reduce("") { text, key in
            if let index = key.intValue { return text + "[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
    }

    /// The body as the route's JSON object; an empty body counts as an object without keys.
    private func body<Request: Decodable>(_ call: Call) throws -> Request {
        let data = Data(call.body.isEmpty ? Array("{}".utf8) : call.body)
        var isObject = false
        do {
            let keys = try WireJSON.decode(ObjectKeys.self, from: data).names
            isObject = true
            if let unknown = keys.first(where: { key in !call.route.body.contains { $0.name == key } }) {
                let known = call.route.body.map(\.name).joined(separator: ", ")
                let others = known.isEmpty ? "there is none" : "known are \(known)"
                throw APIProblem(.badRequest, "Unknown key \"\(unknown.prefix(80))\"; \(others).")
            }
            return try WireJSON.decode(Request.self, from: data)
        } catch let problem as APIProblem {
            throw problem
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
            let key = Self.keyText(context.codingPath)
            throw APIProblem(
                .badRequest, key.isEmpty ? "The body must be a JSON object." : "\(key): of the wrong type.")
        } catch let DecodingError.keyNotFound(key, _) {
            throw APIProblem(.badRequest, "\(key.stringValue) is missing.")
        } catch {
            // The decoder does not say which value it could not take.
            let reason = "A value in the body is malformed, or a number in it is not whole or too large."
            throw APIProblem(.badRequest, isObject ? reason : "The body is not JSON.")
        }
    }
}

/// The names of the keys of a JSON object.
private struct ObjectKeys: Decodable {
    let names: [String]

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    }
}
