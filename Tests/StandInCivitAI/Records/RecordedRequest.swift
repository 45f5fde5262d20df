internal import HTTPServer
package import LinuxSystem

/// A request that the stand-in got.
package struct RecordedRequest: Sendable {
    /// Counts all requests, from 1.
    package let number: Int
    /// When it was complete.
    package let time: MonotonicTime
    /// The connection that it came on, counted from 1.
    package let connection: Int
    /// In capitals.
    package let method: String
    /// Path and query, as sent.
    package let target: String
    /// What was asked for.
    package let endpoint: StandInEndpoint
    /// In the order in which they came.
    package let headers: [(name: String, value: String)]
    /// At most 1 MiB of it.
    package let body: [UInt8]
    /// True when more than that was sent.
    package let isBodyTooLong: Bool
    /// The decoded segments of the path.
    let path: [String]
    /// The decoded parameters of the query.
    let query: [(name: String, value: String)]

    init(_ request: WireRequest, number: Int, connection: Int) {
        self.number = number
        self.connection = connection
        time = .now
        method = request.method
        target = request.target
        headers = request.headers
        body = request.body
        isBodyTooLong = request.isBodyTooLong
        let parsed = try? HTTPTarget(request.target.utf8)
        path = parsed?.path ?? []
        query = parsed?.query.map { ($0.name, $0.value) } ?? []
        endpoint = StandInEndpoint(path: path)
    }

    /// The value of the first header of this name, in any case of its letters.
    package func header(_ name: String) -> String? { firstHeader(name, in: headers) }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The width that an image was asked for in; nil for the original, and for other requests.
    package var imageWidth: Int? {
        guard endpoint == .image, path.count >= 2 else { return nil }
        let parameters = path[path.count - 2].split(separator: ",")
        return parameters.first { $0.hasPrefix("width=") }.flatMap { Int($0.dropFirst("width=".count)) }
    }
}
