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
    /// How long it may take until there is a connection; nil for libcurl's five minutes.
    package var connectTimeoutMilliseconds: Int?
    /// How long less than a byte a second may come or go, in whole seconds rounded up; nil for as long as the server
    /// needs. A server that sends a byte now and then is stopped only by the time for the whole.
    package var stallTimeoutMilliseconds: Int?
    /// Bytes of the longest answer that is accepted, counted after decompression.
    package var responseLimit: Int
    /// Whether the server may compress its answer.
    package var acceptsCompression: Bool
    /// Whether a proxy that the environment names is used.
    package var usesProxy: Bool

    package init(
        method: String = "GET", target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeoutMilliseconds: Int? = 30_000, connectTimeoutMilliseconds: Int? = nil,
        stallTimeoutMilliseconds: Int? = nil, responseLimit: Int = 16 << 20, acceptsCompression: Bool = false,
        usesProxy: Bool = true
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.stallTimeoutMilliseconds = stallTimeoutMilliseconds
        self.responseLimit = responseLimit
        self.acceptsCompression = acceptsCompression
        self.usesProxy = usesProxy
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
