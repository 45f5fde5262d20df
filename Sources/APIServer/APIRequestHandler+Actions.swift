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
        var path: FilePath?
        if let text = request.pathBase64 {
            guard let bytes = Data(base64Encoded: text), let decoded = FilePath(bytes: bytes), decoded.isAbsolute else {
                throw APIProblem(.badRequest, "path_base64: not the bytes of an absolute path.")
            }
            path = decoded.normalized
        } else if let text = request.path {
            path = try Self.path(text, parameter: "path")
        }
        if let asked = path { path = index.indexer.catalogPath(for: asked) ?? asked }
        let started = try index.indexer.startScans(
            path: path, rehash: request.rehash, acceptsEmpty: request.acceptEmpty)
        return ScanAnswer(scans: started.map { StartedScan(id: $0.id, root: $0.root.description) })
    }

    private func sync(_ request: SyncRequest) throws -> SyncAnswer {
        guard (0...86_400).contains(request.timeoutSeconds) else {
            throw APIProblem(.badRequest, "timeout_seconds: a whole number from 0 to 86400 is expected.")
        }
        let outcome = index.indexer.sync(hashed: request.hashed, milliseconds: request.timeoutSeconds * 1000)
        return SyncAnswer(
            synced: outcome.isSynced, skipped: outcome.skipped.map(\.description),
            waiting: outcome.waiting.map(\.description))
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
                throw APIProblem(.badRequest, "Unknown key \"\(unknown.prefix(80))\"; known are \(known).")
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
