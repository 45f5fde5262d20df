package import IndexAPI

/// What CivitAI says, and what people want of it.
extension APIClient {
    /// A question to CivitAI that somebody waits for may wait for its turn there.
    private static let patience = 120_000

    /// A model with its versions, without images above a level.
    package func model(id: Int64, maximumNSFWLevel: Int?) throws(APIClientError) -> APIAnswer<ModelAnswer> {
        try get(.model, id: id, parameters: [("max_nsfw_level", maximumNSFWLevel.map(String.init))])
    }

    /// What is newer than what is installed.
    ///
    /// - Parameter all: also for base models of which nothing is installed.
    package func updates(type: String?, base: String?, all: Bool) throws(APIClientError) -> APIAnswer<UpdatesAnswer> {
        try get(
            .updates, parameters: [("type", type), ("base", base), ("all", all ? "true" : nil)],
            timeoutMilliseconds: Self.patience)
    }

    /// The trigger words of a file.
    package func triggers(id: Int64) throws(APIClientError) -> APIAnswer<TriggersAnswer> {
        try get(.triggers, parameters: [("id", String(id))])
    }

    /// How the images were made that the creator shows for the version of a file, or for all versions of a model.
    package func prompts(
        file: Int64? = nil, model: Int64? = nil, maximumNSFWLevel: Int?
    ) throws(APIClientError) -> APIAnswer<PromptsAnswer> {
        try get(
            .prompts,
            parameters: [
                ("id", file.map(String.init)), ("model_id", model.map(String.init)),
                ("max_nsfw_level", maximumNSFWLevel.map(String.init)),
            ])
    }

    /// Has CivitAI asked about a file's content, or links it to a version.
    package func link(file: Int64, version: Int64?) throws(APIClientError) -> APIAnswer<FileObject> {
        try post(
            .link, LinkRequest(file: FileSelection(id: file), versionID: version), timeoutMilliseconds: Self.patience)
    }

    /// Has CivitAI asked about everything that waits for a later time.
    package func askAgain() throws(APIClientError) -> APIAnswer<CivitaiStatus> { try post(.link, LinkRequest()) }

    /// Forbids to link a file's content.
    package func unlink(file: Int64) throws(APIClientError) -> APIAnswer<FileObject> {
        try post(.unlink, FileSelection(id: file))
    }

    /// Has a model fetched from CivitAI.
    package func cache(model: Int64) throws(APIClientError) -> APIAnswer<CacheAnswer> {
        try post(.cache, CacheRequest(modelID: model), timeoutMilliseconds: Self.patience)
    }
}
