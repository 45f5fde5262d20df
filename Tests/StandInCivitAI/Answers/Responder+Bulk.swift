internal import TestSupport

extension Responder {
    /// The versions of up to 100 hashes, one for each file that matches.
    func versionsByHashes() -> Answer {
        switch requestedHashes(limit: 100) {
        case .refused(let answer): return answer
        case .hashes(let hashes):
            let entries = hashes.flatMap { catalogue.files(withHash: $0, kind: .sha256) }
            return Answer(json: .list(inNoOrder(entries).map { versionObject($0, .bulk) ?? .null }))
        }
    }

    /// The numbers of the versions of up to 10,000 hashes.
    func idsByHashes() -> Answer {
        switch requestedHashes(limit: 10_000) {
        case .refused(let answer): return answer
        case .hashes(let hashes):
            let matches = hashes.flatMap { hash in
                catalogue.files(withHash: hash, kind: .sha256).map { entry in
                    var members: [(name: String, value: JSONTree)] = [("modelVersionId", .integer(entry.version.id))]
                    if !settings.omitsModelIDs { members.append(("modelId", .integer(entry.model.id))) }
                    members.append(("hash", .text(hash)))
                    return JSONTree.object(members)
                }
            }
            return Answer(json: .list(inNoOrder(matches)))
        }
    }

    private enum RequestedHashes {
        case hashes([String])
        case refused(Answer)
    }

    /// The different hashes of the body in upper case; all or nothing.
    private func requestedHashes(limit: Int) -> RequestedHashes {
        let type = (request.header("Content-Type") ?? "text/plain").lowercased().prefix { $0 != ";" && $0 != " " }
        // Next.js hands anything else on as text, which is no array.
        guard type == "application/json", !request.body.isEmpty else {
            return .refused(invalidHashes("expected array"))
        }
        guard let body = try? JSONTree(reading: request.body) else {
            return .refused(Answer(status: 400, headers: [], content: Array("Invalid JSON".utf8)))
        }
        guard let elements = body.elements else { return .refused(invalidHashes("expected array")) }
        guard elements.count <= limit else {
            return .refused(invalidHashes("expected array to have <=\(limit) items"))
        }
        var hashes: [String] = []
        var seen: Set<String> = []
        for element in elements {
            guard let hash = element.text else { return .refused(invalidHashes("expected string")) }
            guard hash.utf16.count == 64 else {
                return .refused(invalidHashes("expected string to have 64 characters"))
            }
            if seen.insert(hash.uppercased()).inserted { hashes.append(hash.uppercased()) }
        }
        return .hashes(hashes)
    }

    private func invalidHashes(_ reason: String) -> Answer {
        refusal(400, "Request must include an array of SHA256 Hashes. Invalid input: \(reason)")
    }

    /// The elements in an order that only the seed knows.
    private func inNoOrder<Element>(_ elements: [Element]) -> [Element] {
        var generator = SeededGenerator(seed: settings.seed)
        return elements.shuffled(using: &generator)
    }
}
