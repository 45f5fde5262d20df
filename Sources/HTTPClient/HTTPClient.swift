internal import CCurl
internal import Glibc

/// A client for one server that keeps its connection between requests.
///
/// Every call blocks its thread until the answer is there: never call it on Swift's cooperative pool of a daemon.
/// One thread at a time may use a client, which is why it is not `Sendable`.
@safe package final class HTTPClient {
    private var socketPath: ShortSocketPath?
    private let endpoint: HTTPEndpoint
    private let handle: UnsafeMutableRawPointer

    /// Throws only when memory or libcurl's own preparation fails.
    package init(_ endpoint: HTTPEndpoint) throws(HTTPClientError) {
        guard prepared == CURLE_OK, let handle = unsafe curl_easy_init() else {
            throw HTTPClientError(.invalidRequest, "libcurl cannot be used.")
        }
        self.endpoint = endpoint
        unsafe self.handle = handle
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// Sends a request and returns the whole answer, whatever its status.
    package func perform(_ request: HTTPRequest) throws(HTTPClientError) -> HTTPResponse {
        var body: [UInt8] = []
        let head = try perform(request) { _, bytes in
            body.append(contentsOf: bytes)
            return true
        }
        return HTTPResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Sends a request and hands each piece of the answer's body with the status to `receive`, which returns false
    /// to end the exchange.
    package func perform(
        _ request: HTTPRequest, receive: (_ status: Int, _ bytes: [UInt8]) -> Bool
    ) throws(HTTPClientError) -> HTTPResponse {
        let outcome = withoutActuallyEscaping(receive) { receive -> Result<HTTPResponse, HTTPClientError> in
            let transfer = HTTPTransfer(limit: request.responseLimit, receive: receive)
            do throws(HTTPClientError) {
                return .success(try run(request, transfer))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func run(_ request: HTTPRequest, _ transfer: HTTPTransfer) throws(HTTPClientError) -> HTTPResponse {
        // Options go, connections stay.
        unsafe curl_easy_reset(handle)
        let fields = try HeaderList(request)
        let socket = try setEndpoint(request.target)
        try setRequest(request, fields)
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        try check(unsafe ccurl_set_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody))
        try check(unsafe ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(unsafe ccurl_set_callback(handle, CURLOPT_HEADERFUNCTION, receiveHeader))
        try check(unsafe ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        let code = unsafe curl_easy_perform(handle)
        // curl holds plain pointers to all three while it runs.
        withExtendedLifetime((socket, transfer, fields)) {}
        if code != CURLE_OK {
            // Another socket may have taken the place of the one that was opened.
            socketPath = nil
            throw failure(code, transfer)
        }
        return HTTPResponse(status: transfer.status, headers: transfer.headers, body: [])
    }

    // MARK: - Options

    private func setEndpoint(_ target: String) throws(HTTPClientError) -> ShortSocketPath? {
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
            try set(CURLOPT_URL, origin + target)
            return nil
        }
    }

    private func setRequest(_ request: HTTPRequest, _ fields: HeaderList) throws(HTTPClientError) {
        // Without it, libcurl uses SIGALRM for time-outs of name look-ups.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_TIMEOUT_MS, request.timeoutMilliseconds.map { max(1, $0) } ?? 0)
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

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe ccurl_set_number(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPClientError) {
        try check(unsafe ccurl_set_text(handle, option, value))
    }

    private func check(_ code: CURLcode) throws(HTTPClientError) {
        if code != CURLE_OK { throw HTTPClientError(.invalidRequest, sentence(code)) }
    }

    // MARK: - Failures

    private func failure(_ code: CURLcode, _ transfer: HTTPTransfer) -> HTTPClientError {
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            var number = 0
            _ = unsafe ccurl_get_number(handle, CURLINFO_OS_ERRNO, &number)
            let errno = Int32(truncatingIfNeeded: number)
            return HTTPClientError(.cannotConnect, errno: errno, errno == 0 ? sentence(code) : systemMessage(errno))
        case CURLE_OPERATION_TIMEDOUT: return HTTPClientError(.timedOut, "No answer in time.")
        case CURLE_WRITE_ERROR where transfer.isTooLarge:
            return HTTPClientError(.tooLarge, "The answer is longer than \(transfer.limit) bytes.")
        case CURLE_WRITE_ERROR: return HTTPClientError(.cancelled, "The answer was not wanted to its end.")
        case CURLE_URL_MALFORMAT: return HTTPClientError(.invalidRequest, sentence(code))
        default: return HTTPClientError(.protocolViolation, sentence(code))
        }
    }

    private func sentence(_ code: CURLcode) -> String { unsafe String(cString: curl_easy_strerror(code)) + "." }
}

/// libcurl's process-wide preparation, which has to happen once before its first use.
private let prepared: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
