package import IndexAPI

/// A search in the index.
package struct SearchQuery: Sendable, Equatable {
    /// Words, each of which has to be found; several in double quotes as one.
    package var words: String
    /// One of `Vocabulary.types`.
    package var type: String?
    /// A base model.
    package var base: String?
    /// Without what CivitAI rates above this level, or not at all.
    package var maximumNSFWLevel: Int?
    /// At most so many files, and so many models.
    package var limit: Int?

    package init(words: String) { self.words = words }
}

/// What the index holds as a whole, and what a person says of it.
extension APIClient {
    /// How long the daemon may take to sum up a large index.
    private static let patience = 120_000

    /// What has the words somewhere, the best first.
    package func search(_ query: SearchQuery) throws(APIClientError) -> APIAnswer<SearchAnswer> {
        try get(
            .search,
            parameters: [
                ("q", query.words), ("type", query.type), ("base", query.base),
                ("max_nsfw_level", query.maximumNSFWLevel.map(String.init)), ("limit", query.limit.map(String.init)),
            ], timeoutMilliseconds: Self.patience)
    }

    /// How many files there are of what.
    package func stats(timeoutMilliseconds: Int? = nil) throws(APIClientError) -> APIAnswer<StatsAnswer> {
        try get(.stats, timeoutMilliseconds: timeoutMilliseconds ?? Self.patience)
    }

    /// Says of a file's content what stands above everything that others say of it.
    package func set(_ request: SetRequest) throws(APIClientError) -> APIAnswer<FileObject> { try post(.set, request) }

    /// Hands the database as it is at one moment to `receive` as it comes, with its size where the daemon tells it.
    ///
    /// False from `receive` ends it, which is `cancelled`.
    package func backup(
        _ receive: (_ length: Int64?, _ bytes: [UInt8]) -> Bool
    ) throws(APIClientError) {
        let request = APIRequest(
            method: "GET", target: APIRoute.route(.backup).path(), timeoutMilliseconds: nil)
        try stream(request, receive)
    }
}
