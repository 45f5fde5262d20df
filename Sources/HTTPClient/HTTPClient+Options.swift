internal import CCurl

/// What an exchange is told before it begins.
extension HTTPClient {
    func setEndpoint(_ target: String) throws(HTTPClientError) -> ShortSocketPath? {
        guard target.hasPrefix("/"), !target.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw HTTPClientError(.invalidRequest, "'\(target)' is not a path with a query.")
        }
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        switch endpoint {
        case .unixSocket(let bytes):
            // The same text each time: libcurl goes on with a connection only where the path is the same.
            let path: ShortSocketPath
            if let known = socketPath { path = known } else { path = try ShortSocketPath(bytes) }
            socketPath = path
            try check(
                unsafe path.text.withUnsafeBufferPointer {
                    unsafe ccurl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, $0.baseAddress)
                })
            try set(CURLOPT_PROXY, "")
            try set(CURLOPT_URL, "http://localhost" + target)
            return path
        case .origin(let origin):
            guard ["http://", "https://"].contains(where: { origin.lowercased().hasPrefix($0) }) else {
                throw HTTPClientError(.invalidRequest, "'\(origin)' is no address of the web.")
            }
            try set(CURLOPT_URL, origin + target)
            return nil
        }
    }

    func setRequest(_ request: HTTPRequest, _ fields: HeaderList) throws(HTTPClientError) {
        // Without it, libcurl uses SIGALRM for time-outs of name look-ups.
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it, libcurl waits for a name look-up that nobody wants any more.
        try set(CURLOPT_QUICK_EXIT, 1)
        // A redirection is an answer like others; the server it names may not be one that should get the request.
        try set(CURLOPT_FOLLOWLOCATION, 0)
        if !request.usesProxy { try set(CURLOPT_PROXY, "") }
        if request.acceptsCompression { try set(CURLOPT_ACCEPT_ENCODING, "") }
        try setTimeouts(request)
        try check(unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, fields.first))
        if let body = request.body {
            try check(
                unsafe ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            // COPYPOSTFIELDS wants an address even for no bytes at all.
            let bytes = body.isEmpty ? [0] : body
            try check(
                unsafe bytes.withUnsafeBytes {
                    unsafe ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
                })
        } else if request.method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        }
        try set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setTimeouts(_ request: HTTPRequest) throws(HTTPClientError) {
        // To libcurl, 0 is its own default, or none.
        try set(CURLOPT_TIMEOUT_MS, request.timeoutMilliseconds.map { max(1, $0) } ?? 0)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeoutMilliseconds.map { max(1, $0) } ?? 0)
        if let milliseconds = request.stallTimeoutMilliseconds {
            try set(CURLOPT_LOW_SPEED_LIMIT, 1)
            try set(CURLOPT_LOW_SPEED_TIME, max(1, milliseconds / 1000 + (milliseconds % 1000 > 0 ? 1 : 0)))
        }
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe ccurl_set_number(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPClientError) {
        try check(unsafe ccurl_set_text(handle, option, value))
    }

    func check(_ code: CURLcode) throws(HTTPClientError) {
        if code != CURLE_OK { throw HTTPClientError(.invalidRequest, sentence(code)) }
    }
}
