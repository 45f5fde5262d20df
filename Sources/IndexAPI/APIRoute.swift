/// One entry of the API's table: what the server dispatches and validates by, and what documentation is made of.
package struct APIRoute: Sendable, Identifiable {
    /// The methods that the API uses.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// Names a route to the code that serves it.
    package enum ID: String, Sendable, CaseIterable {
        case status, files, file, preview, lookup, lookupMany, search, duplicates, model, updates, triggers, prompts,
            stats, scanHistory, roots, errors, scan, sync, pause, resume, verify, link, unlink, set, cache, backup,
            events, openAPI, metrics, kikoCreatorModels, kikoCreatorModelByPath, kikoCreatorModelByHash,
            kikoCreatorFolders, kikoCreatorGroups, kikoCreatorStats, kikoCreatorHistory, kikoCreatorNeedsMetadata
    }

    /// What precedes every template that is relative.
    package static let prefix = "/api/v1/"

    /// CivitAI's numbers: it refuses any that do not fit into 32 bits with a sign.
    package static let civitaiIDs: ClosedRange<Int64> = 1...Int64(Int32.max)

    /// The largest body of a request, in bytes.
    package static let maximumBodySize = 1 << 20

    package let id: ID
    package let method: Method
    /// The whole path; `{id}` stands for a decimal number of `ids`.
    package let template: String
    /// The parts of a template with a number between its slashes; nil for one that is the path itself.
    let segments: [Substring]?
    /// The query parameters; any other is refused.
    package let query: [APIParameter]
    /// The keys of the body's JSON object; empty for a request without a body.
    package let body: [APIParameter]
    /// True when the route changes something, and so needs the right to write.
    package let writes: Bool
    /// The status of success.
    package let status: Int
    /// The media type of success.
    package let mediaType: String
    /// What the JSON of success is, one of these; none for what is not JSON, or is described elsewhere.
    package let answers: [any (Decodable & Sendable).Type]
    /// A sentence without a full stop.
    package let summary: String

    init(
        _ id: ID, _ method: Method, _ template: String, query: [APIParameter] = [], body: [APIParameter] = [],
        writes: Bool = false, status: Int = 200, mediaType: String = "application/json",
        answers: [any (Decodable & Sendable).Type] = [], _ summary: String
    ) {
        self.id = id
        self.method = method
        let path = template.hasPrefix("/") ? template : Self.prefix + template
        self.template = path
        segments = path.contains("{id}") ? path.split(separator: "/", omittingEmptySubsequences: false) : nil
        self.query = query
        self.body = body
        self.writes = writes
        self.status = status
        self.mediaType = mediaType
        self.answers = answers
        self.summary = summary
    }

    /// The numbers that `{id}` may stand for.
    package var ids: ClosedRange<Int64> { id == .model ? Self.civitaiIDs : 1...Int64.max }

    /// True when the body has to name a file, in one of the ways that there are.
    var needsFile: Bool { id == .set || id == .unlink }

    /// The path with the template's number filled in.
    package func path(id: Int64? = nil) -> String {
        id.map { template.replacing("{id}", with: String($0)) } ?? template
    }

    /// Why the route does not accept these query parameters; nil when it does.
    package func problem(withQuery parameters: [(name: String, value: String)]) -> String? {
        var seen: Set<String> = []
        for (name, value) in parameters {
            guard let parameter = query.first(where: { $0.name == name }) else {
                let known = query.map(\.name).joined(separator: ", ")
                return "Unknown parameter \(name.prefix(80))"
                    + (known.isEmpty ? "; there is none." : "; known are \(known).")
            }
            guard seen.insert(name).inserted else { return "\(name) is given twice." }
            if let problem = parameter.problem(with: value) { return problem }
        }
        let missing = query.first { $0.isRequired && !seen.contains($0.name) }
        return missing.map { "\($0.name) is missing." }
    }
}

extension APIRoute: Equatable {
    package static func == (left: APIRoute, right: APIRoute) -> Bool { left.id == right.id }
}
