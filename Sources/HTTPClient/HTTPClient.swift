internal import CCurl

/// A client for one server that keeps its connection between requests.
///
/// Every call blocks its thread until the answer is there: never call it on Swift's cooperative pool of a daemon.
/// One thread at a time may use a client, which is why it is not `Sendable`.
@safe package final class HTTPClient {
    /// How long a cancellation may go unnoticed.
    private static let cancellationLatency: Int32 = 100

    var socketPath: ShortSocketPath?
    let endpoint: HTTPEndpoint
    let handle: UnsafeMutableRawPointer
    /// Has the connections. curl_easy_perform would do as well, but looks only once a second whether to go on.
    private let connections: UnsafeMutableRawPointer
    private let cancellation: HTTPCancellation?

    /// Throws only when memory or libcurl's own preparation fails.
    package init(_ endpoint: HTTPEndpoint, cancellation: HTTPCancellation? = nil) throws(HTTPClientError) {
        guard prepared == CURLE_OK, let handle = unsafe curl_easy_init() else {
            throw HTTPClientError(.invalidRequest, "libcurl cannot be used.")
        }
        guard let connections = unsafe curl_multi_init() else {
            unsafe curl_easy_cleanup(handle)
            throw HTTPClientError(.invalidRequest, "libcurl cannot be used.")
        }
        self.endpoint = endpoint
        self.cancellation = cancellation
        unsafe self.handle = handle
        unsafe self.connections = connections
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        _ = unsafe curl_multi_cleanup(connections)
    }

    /// Sends a request and returns the whole answer, whatever its status.
    package func perform(_ request: HTTPRequest) throws(HTTPClientError) -> HTTPResponse {
        var body: [UInt8] = []
        let head = try perform(request) { _, bytes in
            body.append(contentsOf: bytes)
            return true
        }
        return HTTPResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Sends a request and hands each piece of the answer's body with the answer's head to `receive`, which returns
    /// false to end the exchange.
    package func perform(
        _ request: HTTPRequest, receive: (_ head: HTTPResponse, _ bytes: [UInt8]) -> Bool
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
        let code = try exchange()
        // curl holds plain pointers to all three while it runs.
        withExtendedLifetime((socket, transfer, fields)) {}
        if code != CURLE_OK {
            // Another socket may have taken the place of the one that was opened.
            socketPath = nil
            throw failure(code, transfer)
        }
        guard transfer.isHeadComplete else {
            throw HTTPClientError(.protocolViolation, "The answer ended in its head.")
        }
        return transfer.head
    }

    /// Carries out the exchange that the options describe, unless it is cancelled.
    private func exchange() throws(HTTPClientError) -> CURLcode {
        guard unsafe curl_multi_add_handle(connections, handle) == CURLM_OK else { return CURLE_FAILED_INIT }
        // Closes the connection of an exchange that has not ended.
        defer { _ = unsafe curl_multi_remove_handle(connections, handle) }
        let wait = cancellation == nil ? 1000 : Self.cancellationLatency
        var running: Int32 = 0
        repeat {
            if cancellation?.isCancelled == true { throw HTTPClientError(.cancelled, "The request was cancelled.") }
            guard unsafe curl_multi_perform(connections, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            if running > 0, unsafe curl_multi_poll(connections, nil, 0, wait, nil) != CURLM_OK {
                return CURLE_FAILED_INIT
            }
        } while running > 0
        var remaining: Int32 = 0
        guard let message = unsafe curl_multi_info_read(connections, &remaining) else { return CURLE_FAILED_INIT }
        return unsafe message.pointee.data.result
    }
}

/// libcurl's process-wide preparation, which has to happen once before its first use.
private let prepared: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
