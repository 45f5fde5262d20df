/// One request, and the limits of its answer.
package struct HTTPRequest: Sendable {
    /// The method in capitals.
    package var method: String
    /// The path with its query, percent-encoded; it begins with a slash.
    package var target: String
    /// Header fields; a line end in a name or a value is refused.
    package var headers: [(name: String, value: String)]
    /// The body; nil for a request without one.
    package var body: [UInt8]?
    /// How long the whole exchange may take; nil for as long as the server needs.
    package var timeoutMilliseconds: Int?
    /// Bytes of the longest answer that is accepted.
    package var responseLimit: Int

    package init(
        method: String = "GET", target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeoutMilliseconds: Int? = 30_000, responseLimit: Int = 16 << 20
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.responseLimit = responseLimit
    }
}

/// An answer with any status.
package struct HTTPResponse: Sendable {
    /// The HTTP status code.
    package let status: Int
    /// Header fields in their order, names in lower case.
    package let headers: [(name: String, value: String)]
    /// Empty where the body was handed to a closure.
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header field with this name in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Where requests go.
package enum HTTPEndpoint: Sendable, Equatable {
    /// A Unix socket by its path's bytes, of any length that the file system takes. No proxy is used.
    case unixSocket([UInt8])
    /// `http` or `https`, host and port without a path, as in `http://127.0.0.1:3000`.
    case origin(String)
}
