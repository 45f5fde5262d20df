internal import Catalog
internal import FoundationEssentials
package import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem
package import Logging

/// Answers the API's requests: finds the route, checks who asks and what, and hands over to the route's code.
package struct APIRequestHandler: HTTPRequestHandler {
    let index: APIIndex
    let events: EventStreams
    /// Each backup takes as much room as the database.
    let backups = Turns(1)
    /// Each holds all metadata of a file, which may be large.
    let detailedLists = Turns(2)
    /// Each may take a while, and memory.
    let searches = Turns(2)
    /// Those who wait for changes: fewer than the connections of a listening socket, so that they never keep everybody
    /// else out.
    let syncs = Turns(64)
    let requests: RequestMetrics
    let access: @Sendable () -> AccessRules
    let logger: Logger
    /// A script may ask for a hundred thousand changes.
    private let changes = LogBudget(limit: 100, perMinutes: 1)
    private let failures = LogBudget(limit: 20, perMinutes: 10)

    package init(index: APIIndex, access: @escaping @Sendable () -> AccessRules, logger: Logger) {
        self.index = index
        events = EventStreams(index: index)
        requests = RequestMetrics(since: index.started)
        self.access = access
        self.logger = logger
    }

    package func reply(to request: HTTPRequest) -> HTTPReply {
        let begun = MonotonicTime.now
        let method = request.method == "HEAD" ? "GET" : request.method
        let match = APIRoute.match(method: method, path: "/" + request.path.joined(separator: "/"))
        let route = if case .route(let route, _) = match { Optional(route.id) } else { APIRoute.ID?.none }
        switch reply(to: Result { try call(for: request, match) }) {
        case .response(let response):
            requests.note(route, status: response.status, since: begun)
            return .response(response)
        case .deferred(let start):
            return .deferred { [requests] complete in
                start { response in
                    requests.note(route, status: response.status, since: begun)
                    complete(response)
                }
            }
        }
    }

    private func reply(to call: Result<Call, any Error>) -> HTTPReply {
        do {
            let call = try call.get()
            switch call.route.id {
            case .status, .roots, .scanHistory, .lookup, .file: return .response(try answerAtOnce(call))
            case .files, .errors: return try replyWithFiles(call)
            case .duplicates: return later { try duplicates() }
            case .preview:
                return replyWithPreview(call.id ?? 0, knownTag: call.knownTag)
            case .events: return .response(try follow(call.route, after: call.lastEventID))
            case .search: return later { try search(call) }
            case .stats: return later { try json(statistics()) }
            case .backup: return later { try backup(call) }
            case .openAPI: return later { try json(OpenAPIDocument()) }
            case .metrics: return later { try answerWithMetrics(call.route) }
            case .kikoCreatorModels, .kikoCreatorModelByPath, .kikoCreatorModelByHash, .kikoCreatorFolders,
                .kikoCreatorGroups, .kikoCreatorStats, .kikoCreatorHistory, .kikoCreatorNeedsMetadata:
                return later { try answerAsKikoCreator(call) }
            case .model, .updates, .triggers, .prompts: return later { try answerAboutModels(call) }
            case .lookupMany, .scan, .sync, .pause, .resume, .verify, .link, .unlink, .set, .cache:
                return later {
                    noteChange(call)
                    return try answerWithTime(call)
                }
            }
        } catch {
            return .response(response(for: error))
        }
    }

    package func failure(status: Int, reason: String) -> HTTPResponse {
        let code: APIErrorCode =
            switch status {
            case 413: .tooLarge
            case 503: .unavailable
            case 500...: .internal
            default: .badRequest
            }
        requests.note(nil, status: code.status, since: .now)
        return response(for: APIProblem(code, reason))
    }

    // MARK: - Dispatch

    /// A request whose route, rights and parameters have been checked.
    struct Call: Sendable {
        let route: APIRoute
        let id: Int64?
        let query: [String: String]
        let body: [UInt8]
        /// The versions that the client has (RFC 9110, 13.1.2).
        let knownTag: String?
        /// The client wants the headers alone.
        let isHead: Bool
        /// The event that the client saw last.
        let lastEventID: String?
        let listener: ListenerKind
        /// Who asks for a change over a Unix socket.
        let peer: PeerCredentials?
    }

    private func call(for request: HTTPRequest, _ match: APIRoute.Match) throws -> Call {
        let access = access()
        if let problem = access.hostProblem(with: request) { throw problem }
        // What there is to ask for is no secret, so a wrong path is told without a token.
        switch match {
        case .badNumber(let range):
            throw APIProblem(
                .badRequest, "The path needs a whole number from \(range.lowerBound) to \(range.upperBound).")
        case .notFound: throw APIProblem(.notFound, "There is nothing at this path.")
        case .methodNotAllowed(let allowed):
            // HEAD is answered wherever GET is.
            let allowed = allowed.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
            var problem = APIProblem(.methodNotAllowed, "Only \(allowed.joined(separator: ", ")) is answered here.")
            problem.allowedMethods = allowed
            throw problem
        case .route(let route, let id):
            if let problem = access.tokenProblem(with: request, writes: route.writes) { throw problem }
            let query = request.query.map { (name: $0.name, value: $0.value) }
            if let problem = route.problem(withQuery: query) { throw APIProblem(.badRequest, problem) }
            return Call(
                route: route, id: id, query: Dictionary(query) { first, _ in first }, body: request.body,
                knownTag: request.header("If-None-Match"), isHead: request.method == "HEAD",
                lastEventID: request.header("Last-Event-ID"), listener: request.listener, peer: request.peer)
        }
    }

    /// Has the log tell who wanted what; what becomes of it is told by events.
    private func noteChange(_ call: Call) {
        guard call.route.writes, logger.isLogged(.info) else { return }
        let peer = call.listener == .unix ? call.peer.map { "\($0)" } ?? "a process unknown" : "somebody over TCP"
        logger.log(
            .info, "\(peer) asks for \(call.route.template)", event: .changeAsked, within: changes,
            [.init("route", call.route.template), .init("peer", peer)])
    }

    /// Answers from a thread that may wait.
    func later(_ answer: @escaping @Sendable () throws -> HTTPResponse) -> HTTPReply {
        .deferred { complete in
            do {
                _ = try SystemThread(name: "api-request") {
                    do { complete(try answer()) } catch { complete(response(for: error)) }
                }
            } catch {
                complete(response(for: error))
            }
        }
    }

    // MARK: - Responses

    func json(_ value: some Encodable, status: Int = 200) throws -> HTTPResponse {
        HTTPResponse(status: status, headers: Self.jsonHeaders, body: .bytes(try WireJSON.encode(value)))
    }

    static let jsonHeaders = headers(mediaType: "application/json")

    static func headers(mediaType: String) -> [HTTPField] {
        [
            HTTPField("Content-Type", mediaType), HTTPField("Cache-Control", "no-store"),
            HTTPField("X-Content-Type-Options", "nosniff"),
        ]
    }

    /// `GET events`: a stream that goes on after the event that the client saw last.
    private func follow(_ route: APIRoute, after lastSeen: String?) throws -> HTTPResponse {
        let stream = try events.open(after: lastSeen)
        return HTTPResponse(
            status: route.status, headers: Self.headers(mediaType: route.mediaType),
            body: .stream { try stream.next($0) })
    }

    func response(for error: any Error) -> HTTPResponse {
        let problem: APIProblem
        switch error {
        case let known as APIProblem: problem = known
        case let refusal as LookupRefusal: problem = APIProblem(refusal)
        case IndexerRefusal.notBelowAnyRoot(let path):
            problem = APIProblem(.notFound, "\(path) is neither a root nor below one.")
        case VerificationRefusal.nothingToCompare(let path):
            problem = APIProblem(
                .notFound, "No file at or below \(path) has been hashed, so there is nothing to verify.")
        case VerificationRefusal.isSinglePass:
            problem = APIProblem(
                .conflict, "kikod runs with --once, which reads nothing a second time; verify with one that stays.")
        default:
            logger.log(.error, "a request failed: \(error)", event: .requestFailed, within: failures, [])
            problem = APIProblem(.internal, "kikod could not answer: \(error)")
        }
        var headers = Self.jsonHeaders
        if !problem.allowedMethods.isEmpty {
            headers.append(HTTPField("Allow", problem.allowedMethods.joined(separator: ", ")))
        }
        if problem.code == .unauthorized { headers.append(HTTPField("WWW-Authenticate", "Bearer")) }
        let body = (try? WireJSON.encode(APIFailure(problem.code, problem.message))) ?? []
        return HTTPResponse(status: problem.code.status, headers: headers, body: .bytes(body))
    }
}
