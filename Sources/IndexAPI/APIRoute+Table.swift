extension APIRoute {
    /// Every route of the API.
    package static let all: [APIRoute] =
        [
            APIRoute(.status, .get, "status", answers: [StatusAnswer.self], "What the daemon knows and does"),
            APIRoute(
                .files, .get, "files",
                query: [
                    APIParameter("type", .choice(Vocabulary.types), "Only files of this type"),
                    APIParameter("base", .text, "Only files of this base model"),
                    APIParameter("folder", .text, "Only files in this folder of a root and below"),
                    APIParameter(
                        "state", .choices(Vocabulary.fileStates, or: Vocabulary.presentState),
                        "Only files in these states"),
                    APIParameter("civitai", .choice(Vocabulary.civitaiStates), "Only files in this state at CivitAI"),
                    APIParameter(
                        "name", .text, "Only files with this name or stem or, with a slash, this end of a path"),
                    APIParameter("path", .path, "Only the file to which this path leads"),
                    APIParameter("path_base64", .base64, "As path, for a path that is not UTF-8"),
                    APIParameter("details", .boolean, "With metadata, top_tags and pickle, as files/{id} has them"),
                ] + page,
                answers: [FilesAnswer.self], "The files of the catalogue by path, missing ones included"),
            APIRoute(.file, .get, "files/{id}", answers: [FileObject.self], "One file with all that is known of it"),
            APIRoute(
                .preview, .get, "files/{id}/preview", mediaType: "image/*",
                "The image beside a file or in it; only if it is another one than that of the If-None-Match"),
            APIRoute(
                .lookup, .get, "lookup",
                query: [APIParameter("hash", .hash, required: true, "A hash of any type or a prefix of the SHA-256")],
                answers: [LookupAnswer.self], "The files that have a hash"),
            APIRoute(
                .lookupMany, .post, "lookup",
                body: [
                    APIParameter(
                        "hashes", .hashes(maximum: LookupRequest.maximum), required: true,
                        "Hashes of any type or prefixes of the SHA-256")
                ],
                answers: [LookupResults.self], "The files that have each of many hashes"),
            APIRoute(
                .search, .get, "search",
                query: [
                    APIParameter(
                        "q", .text, required: true,
                        "Words, each of which has to be found somewhere, also inside of others; \"in quotes\" several as one"
                    ),
                    APIParameter("type", .choice(Vocabulary.types), "Only files of this type, and models of such"),
                    APIParameter("base", .text, "Only files of this base model, and models with a version for it"),
                    APIParameter(
                        "max_nsfw_level", .integer(nsfwLevels),
                        "Without models that CivitAI rates above this level only (1 PG, 2 PG-13, 4 R, 8 X, 16 XXX) or not at"
                            + " all, and without their files"),
                    APIParameter(
                        "limit", .integer(0...Int64.max), "At most so many files and so many models; 50 without it"),
                    APIParameter("offset", .integer(0...Int64.max), "Without the first so many files"),
                ],
                answers: [SearchAnswer.self],
                "What has the words in its name, folder, model, trained words, tags, creator, notes or description"),
            APIRoute(
                .duplicates, .get, "duplicates", answers: [DuplicatesAnswer.self],
                "What is there twice, and how many bytes that wastes"),
            APIRoute(
                .model, .get, "models/{id}", query: [maximumNSFWLevel], answers: [ModelAnswer.self],
                "A model of CivitAI by its number there, with its versions, installed or not"),
            APIRoute(
                .updates, .get, "updates",
                query: [
                    APIParameter(
                        "type", .choice(Vocabulary.types), "Only of models whose installed file has this type"),
                    APIParameter("base", .text, "Only versions for this base model"),
                    APIParameter("all", .boolean, "Also versions for base models of which none is installed"),
                ] + page,
                answers: [UpdatesAnswer.self],
                "Versions that are newer than what is installed of their models, the newest first"),
            APIRoute(
                .triggers, .get, "triggers", query: oneFile, answers: [TriggersAnswer.self],
                "The trigger words of a file"),
            APIRoute(
                .prompts, .get, "prompts",
                query: oneFile + [
                    APIParameter(
                        "model_id", .integer(civitaiIDs),
                        "In place of a file: CivitAI's number of a model, for all its versions"),
                    maximumNSFWLevel,
                ],
                answers: [PromptsAnswer.self], "How the images were made that creators show for a version"),
            APIRoute(.stats, .get, "stats", answers: [StatsAnswer.self], "How many files there are of what"),
            APIRoute(
                .scanHistory, .get, "scan-history", query: page, answers: [ScanHistoryAnswer.self],
                "The scans, newest first"),
            APIRoute(.roots, .get, "roots", answers: [RootsAnswer.self], "The roots and how they are watched"),
            APIRoute(.errors, .get, "errors", answers: [FilesAnswer.self], "The files with which something is wrong"),
            APIRoute(
                .scan, .post, "scan",
                body: [
                    APIParameter("path", .path, "A root or a directory below one; every root without it"),
                    APIParameter("path_base64", .base64, "As path, for a path that is not UTF-8"),
                    APIParameter("rehash", .boolean, "Read every file again"),
                    APIParameter("accept_empty", .boolean, "Believe a place that is empty where models were"),
                ],
                writes: true, status: 202, answers: [ScanAnswer.self], "Compares roots with the catalogue"),
            APIRoute(
                .sync, .post, "sync",
                body: [
                    APIParameter("hashed", .boolean, "Wait also for the hashes of pending files"),
                    APIParameter("timeout_seconds", .integer(0...86_400), "How long to wait at most"),
                ],
                answers: [SyncAnswer.self], "Waits until earlier changes of the file system are in the catalogue"),
            APIRoute(
                .pause, .post, "pause",
                body: [
                    APIParameter("seconds", .integer(PauseRequest.seconds), "For how long; until resume without it")
                ],
                writes: true, answers: [HashingStatus.self], "Holds all reading for hashes, over restarts, too"),
            APIRoute(.resume, .post, "resume", writes: true, answers: [HashingStatus.self], "Ends a pause"),
            APIRoute(
                .verify, .post, "verify",
                body: [
                    APIParameter("path", .path, "A file or a directory; everything without it"),
                    APIParameter("path_base64", .base64, "As path, for a path that is not UTF-8"),
                ],
                writes: true, status: 202, answers: [VerifyAnswer.self],
                "Reads indexed files again and compares them with their hashes"),
            APIRoute(
                .link, .post, "link",
                body: oneFile + [
                    APIParameter(
                        "version_id", .integer(civitaiIDs),
                        "Link to this version of CivitAI for ever; ask CivitAI without it")
                ],
                writes: true,
                answers: [FileObject.self, CivitaiStatus.self],
                "Asks CivitAI about the content of a file at once, or links it to a version; without a file, asks about"
                    + " everything that waits"),
            APIRoute(
                .unlink, .post, "unlink", body: oneFile, writes: true, answers: [FileObject.self],
                "Forbids to link the content of a file"),
            APIRoute(
                .set, .post, "set",
                body: oneFile + [
                    APIParameter(
                        "type", .choice(Vocabulary.types), "What it is; null takes back what was said, as below"),
                    APIParameter("base_model", .text, "A word of CivitAI's list of base models, in any case"),
                    APIParameter(
                        "trained_words", .texts(maximum: SetRequest.maximumWords), "The words that trigger it"),
                    APIParameter("notes", .text, "Anything"),
                    APIParameter(
                        "preferred_weight", .number(SetRequest.weights), "The weight at which it is best used"),
                ],
                writes: true, answers: [FileObject.self],
                "Says of the content of a file what stands above everything that others say of it"),
            APIRoute(
                .cache, .post, "cache",
                body: [
                    APIParameter("model_id", .integer(civitaiIDs), required: true, "CivitAI's number of the model")
                ],
                writes: true, answers: [CacheAnswer.self], "Fetches a model of CivitAI with all its versions"),
            APIRoute(
                .backup, .get, "backup", mediaType: "application/vnd.sqlite3",
                "The database as it is at one moment, complete and compact"),
            APIRoute(
                .events, .get, "events", mediaType: "text/event-stream",
                "What happens to files, scans and roots, as it happens; goes on after the Last-Event-ID"),
            APIRoute(.openAPI, .get, "openapi.json", "This description of the API (OpenAPI 3.1)"),
            APIRoute(
                .metrics, .get, "/metrics", mediaType: "text/plain; version=0.0.4; charset=utf-8",
                "Figures for Prometheus"),
        ] + kikoCreator

    /// What Kiko-Creator's own API answered, for programs that were written for it.
    private static let kikoCreator: [APIRoute] = [
        APIRoute(
            .kikoCreatorModels, .get, "/api/models",
            query: [
                kikoCreatorType,
                APIParameter("folder", .text, "Only those of this folder of a root"),
                APIParameter("hasMetadata", .boolean, "true: only those that CivitAI knows"),
            ] + page,
            answers: [KikoCreatorModelsAnswer.self], "Checkpoints, LoRAs and embeddings by path"),
        APIRoute(
            .kikoCreatorModelByPath, .get, "/api/models/by-path",
            query: [APIParameter("path", .path, required: true, "The model to which this path leads")],
            answers: [KikoCreatorModelAnswer.self], "One model by its path"),
        APIRoute(
            .kikoCreatorModelByHash, .get, "/api/models/by-hash",
            query: [APIParameter("hash", .hash, required: true, "A hash of any type or a prefix of the SHA-256")],
            answers: [KikoCreatorModelAnswer.self], "One model by its hash"),
        APIRoute(
            .kikoCreatorFolders, .get, "/api/models/by-folder", query: [kikoCreatorType],
            answers: [KikoCreatorFoldersAnswer.self], "The models by their folders"),
        APIRoute(
            .kikoCreatorGroups, .get, "/api/models/grouped", answers: [KikoCreatorGroupsAnswer.self],
            "The models by their types"),
        APIRoute(
            .kikoCreatorStats, .get, "/api/models/stats", answers: [KikoCreatorStatsAnswer.self],
            "How many models there are of what"),
        APIRoute(
            .kikoCreatorHistory, .get, "/api/models/scan-history", query: page,
            answers: [KikoCreatorHistoryAnswer.self],
            "The scans, newest first"),
        APIRoute(
            .kikoCreatorNeedsMetadata, .get, "/api/models/needs-metadata", query: [kikoCreatorType] + page,
            answers: [KikoCreatorModelsAnswer.self], "Models that have a hash and that CivitAI does not know yet"),
    ]

    private static let kikoCreatorType = APIParameter(
        "type", .choice(Vocabulary.kikoCreatorTypes), "Only models of this type; diffusion models are checkpoints here")

    private static let page = [
        APIParameter("limit", .integer(0...Int64.max), "At most so many"),
        APIParameter("offset", .integer(0...Int64.max), "Without the first so many"),
    ]

    /// The ways to name a file, of which one is used.
    static let oneFile = [
        APIParameter("path", .path, "The file to which this path leads"),
        APIParameter("path_base64", .base64, "As path, for a path that is not UTF-8"),
        APIParameter("hash", .hash, "The files that have this hash, of any type, or prefix of the SHA-256"),
        APIParameter("id", .integer(1...Int64.max), "The file with this number"),
    ]

    /// CivitAI's level bits together.
    private static let nsfwLevels: ClosedRange<Int64> = 1...63

    private static let maximumNSFWLevel = APIParameter(
        "max_nsfw_level", .integer(nsfwLevels),
        "Without images above this level of CivitAI (1 PG, 2 PG-13, 4 R, 8 X, 16 XXX) and without unrated ones")

    /// The route with this name.
    package static func route(_ id: ID) -> APIRoute {
        guard let route = all.first(where: { $0.id == id }) else { preconditionFailure("every id is in the table") }
        return route
    }

    /// What a method and a path, without its query, lead to.
    package enum Match: Sendable, Equatable {
        case route(APIRoute, id: Int64?)
        /// The path is served, but by these methods only.
        case methodNotAllowed([String])
        /// The path is served, but what stands in the place of its number is none of these.
        case badNumber(ClosedRange<Int64>)
        case notFound
    }

    /// Finds the route for a request.
    package static func match(method: String, path: String) -> Match {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var allowed: [String] = []
        for route in all {
            var id: Int64?
            var hasBadNumber = false
            if let segments = route.segments {
                guard segments.count == parts.count else { continue }
                let fits = zip(segments, parts).allSatisfy { expected, part in
                    guard expected == "{id}", !part.isEmpty else { return expected == part }
                    let isNumber = part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                    id = isNumber ? Int64(part) : nil
                    hasBadNumber = !(id.map(route.ids.contains) ?? false)
                    return true
                }
                guard fits else { continue }
            } else {
                guard route.template == path else { continue }
            }
            if route.method.rawValue == method { return hasBadNumber ? .badNumber(route.ids) : .route(route, id: id) }
            allowed.append(route.method.rawValue)
        }
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed)
    }
}
