/// Answers one request out of what the stand-in knows, as CivitAI would.
struct Responder {
    let catalogue: Catalogue
    let settings: StandInSettings
    /// The stand-in's own address.
    let baseURL: String
    let request: RecordedRequest

    /// The answer without any fault.
    func answer() -> Answer {
        let endpoint = request.endpoint
        if endpoint == .image { return pictureAnswer() }
        guard endpoint != .unknown else { return Answer(status: 404, page: "<!DOCTYPE html><title>404</title>") }
        if endpoint.checksMethod, request.method != "GET", request.method != "HEAD" {
            return decorated(refusal(405, "Method not allowed"))
        }
        guard !request.isBodyTooLong else {
            return decorated(Answer(status: 413, content: Array("Body exceeded 1mb limit".utf8)))
        }
        return decorated(undecorated(endpoint))
    }

    private func undecorated(_ endpoint: StandInEndpoint) -> Answer {
        switch endpoint {
        case .versionByHash: versionByHash()
        case .versionsByHashes: versionsByHashes()
        case .idsByHashes: idsByHashes()
        case .version: version()
        case .miniVersion: miniVersion()
        case .model: model()
        case .models: models()
        case .enumerations: Answer(json: enumerations)
        case .account: account()
        case .image, .unknown: Answer(status: 404)
        }
    }

    /// Adds the headers of Next.js's middleware and of the endpoint's wrapper.
    private func decorated(_ answer: Answer) -> Answer {
        var answer = answer
        answer.set("X-Handled-By", "stand-in")
        answer.set("Cache-Control", cacheControl)
        return answer
    }

    private var cacheControl: String {
        let personal = "max-age=0, private, no-cache"
        switch request.endpoint {
        case .versionByHash: return "public, s-maxage=3600, stale-while-revalidate=1800"
        case .versionsByHashes, .idsByHashes, .model: return "public, s-maxage=300, stale-while-revalidate=150"
        case .version, .miniVersion, .models:
            return isKnownUser ? personal : "public, s-maxage=300, stale-while-revalidate=150"
        case .enumerations, .account, .image, .unknown: return personal
        }
    }

    /// An error as most endpoints tell it.
    func refusal(_ status: Int, _ message: String) -> Answer {
        Answer(status: status, json: ["error": .text(message)])
    }

    // MARK: - Who asks

    /// True for a token that is known; any other is as good as none.
    var isKnownUser: Bool { token.map { settings.validTokens.contains($0) } ?? false }

    private var token: String? {
        if let header = request.header("Authorization") {
            let words = header.split(separator: " ")
            return words.count > 1 ? String(words[1]) : nil
        }
        return parameter("token")
    }

    private func account() -> Answer {
        guard isKnownUser else { return refusal(401, "Unauthorized") }
        return Answer(json: ["id": 1, "username": "someone", "tier": "free", "status": "active", "isMember": false])
    }

    private var enumerations: JSONTree {
        .object(settings.enumerations.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONTree($0.value)) })
    }

    // MARK: - Parts of the request

    /// The value of a parameter of the query.
    func parameter(_ name: String) -> String? { request.query.first { $0.name == name }?.value }

    /// The number at the end of the path; nil unless it is within what the database takes.
    var numberInPath: Int64? {
        request.path.last.flatMap { Int64($0) }.flatMap { (1...2_147_483_647).contains($0) ? $0 : nil }
    }
}
