package import HTTPClient
internal import LinuxSystem

/// Fetches images from the hosts that answers name: never with a key, and never following a redirection.
///
/// Every call blocks its thread until the image is there. One thread at a time may use a client, which is why it is not
/// `Sendable`.
package final class ImageClient {
    private let userAgent: String
    private let timeoutMilliseconds: Int
    private let cancellation: HTTPCancellation?
    /// Keeps its connection for the next image, which comes from the same host most of the time.
    private var fetcher: WebFetcher?

    /// - Parameter timeoutMilliseconds: to connect, and without progress; an image takes at most four times as long.
    /// - Throws: `badRequest` for a user agent that no header field can carry.
    package init(
        userAgent: String, timeoutMilliseconds: Int = 30_000, cancellation: HTTPCancellation? = nil
    ) throws(CivitAIError) {
        try WebFetcher.check(userAgent: userAgent)
        self.userAgent = userAgent
        self.timeoutMilliseconds = timeoutMilliseconds
        self.cancellation = cancellation
    }

    /// The bytes that a host has at a path with its query; nil where it says that there is nothing any more.
    ///
    /// - Parameters:
    ///   - origin: scheme, host and port, as in `https://image.civitai.com`.
    ///   - limit: bytes of the longest image that is taken.
    package func image(origin: String, target: String, limit: Int) throws(CivitAIError) -> [UInt8]? {
        guard let address = BaseAddress(origin) else {
            throw CivitAIError(.badRequest, "The address of an image is not one of the web.")
        }
        let fetcher: WebFetcher
        if let known = self.fetcher, known.address == address {
            fetcher = known
        } else {
            fetcher = try WebFetcher(
                address, userAgent: userAgent, timeoutMilliseconds: timeoutMilliseconds, cancellation: cancellation)
        }
        self.fetcher = fetcher
        let response = try fetcher.fetch(WebFetcher.Question(target: target, accept: "image/*", limit: limit))
        let judge = AnswerJudge(host: address.host, key: nil, now: WallClock.now)
        let failure = judge.failure(response)
        if failure?.code != .challenged, response.status == 404 || response.status == 410 { return nil }
        if let failure { throw failure }
        return response.body
    }
}
