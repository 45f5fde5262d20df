internal import FoundationEssentials
package import IndexAPI

/// An answer, decoded and as it came.
package struct APIAnswer<Value> {
    /// The decoded answer.
    package let value: Value
    /// The body as the daemon sent it.
    package let body: [UInt8]
}

extension APIAnswer: Sendable where Value: Sendable {}

/// The API's questions as functions. Each blocks the calling thread until the answer is there.
package final class APIClient {
    /// The longest answer that is held as a whole, in bytes.
    private static let bodyLimit = 512 << 20

    private let transport: any APITransport

    package init(transport: any APITransport) { self.transport = transport }

    /// A client of the first daemon that listens at one of these sockets.
    package convenience init(sockets: [[UInt8]]) { self.init(transport: SocketTransport(sockets: sockets)) }

    /// What the daemon knows and does.
    package func status() throws(APIClientError) -> APIAnswer<StatusAnswer> { try get(.status) }

    /// The roots and how they are watched.
    package func roots() throws(APIClientError) -> APIAnswer<RootsAnswer> { try get(.roots) }

    /// The newest scans, at most `limit`.
    package func scanHistory(limit: Int?) throws(APIClientError) -> APIAnswer<ScanHistoryAnswer> {
        try get(.scanHistory, parameters: [("limit", limit.map(String.init))])
    }

    /// The files with which something is wrong.
    package func errors() throws(APIClientError) -> APIAnswer<FilesAnswer> { try get(.errors) }

    /// What is there twice; waits for as long as the daemon takes to find it out.
    package func duplicates() throws(APIClientError) -> APIAnswer<DuplicatesAnswer> {
        try get(.duplicates, timeoutMilliseconds: nil)
    }

    /// One file with all that is known of it.
    package func file(id: Int64) throws(APIClientError) -> APIAnswer<FileObject> { try get(.file, id: id) }

    /// The files that fit, held as a whole; for filters that few files fit.
    package func files(_ filter: FileFilter) throws(APIClientError) -> APIAnswer<FilesAnswer> {
        try get(.files, parameters: filter.parameters)
    }

    /// The files that have one hash of any type; refused with 404 when there is none.
    package func lookup(_ hash: String) throws(APIClientError) -> APIAnswer<LookupAnswer> {
        try get(.lookup, parameters: [("hash", hash)])
    }

    /// The files that have each of up to `LookupRequest.maximum` hashes; misses have none.
    package func lookup(_ hashes: [String]) throws(APIClientError) -> APIAnswer<LookupResults> {
        try post(.lookupMany, LookupRequest(hashes: hashes))
    }

    /// Starts scans.
    package func scan(_ request: ScanRequest) throws(APIClientError) -> APIAnswer<ScanAnswer> {
        try post(.scan, request)
    }

    /// Holds all reading for hashes, for so many seconds or until `resume`.
    package func pause(seconds: Int64?) throws(APIClientError) -> APIAnswer<HashingStatus> {
        try post(.pause, PauseRequest(seconds: seconds))
    }

    /// Ends a pause.
    package func resume() throws(APIClientError) -> APIAnswer<HashingStatus> { try post(.resume, ResumeRequest()) }

    /// Starts to read indexed files again and to compare them with their hashes.
    package func verify(_ request: VerifyRequest) throws(APIClientError) -> APIAnswer<VerifyAnswer> {
        try post(.verify, request, timeoutMilliseconds: 120_000)
    }

    /// Waits until the catalogue holds every earlier change of the file system.
    package func sync(_ request: SyncRequest) throws(APIClientError) -> APIAnswer<SyncAnswer> {
        // The daemon ends the wait; the client's own limit is for a daemon that hangs.
        let seconds = min(max(0, request.timeoutSeconds), 1_000_000) + 30
        return try post(.sync, request, timeoutMilliseconds: seconds * 1000)
    }

    // MARK: - Listings of any length

    /// Hands the files that fit to `receive` one by one and returns how many fit, whatever the limit left of them.
    ///
    /// False from `receive` ends the listing, which is `cancelled`. `onBegin` is called when the answer has begun.
    package func eachFile(
        _ filter: FileFilter, timeoutMilliseconds: Int? = nil, onBegin: () -> Void = {},
        _ receive: (FileObject) -> Bool
    ) throws(APIClientError) -> Int {
        var splitter = ListSplitter()
        var problem: String?
        var isUnwanted = false
        let request = APIRequest(
            method: "GET", target: target(APIRoute.route(.files).path(), filter.parameters),
            timeoutMilliseconds: timeoutMilliseconds)
        do throws(APIClientError) {
            try stream(request) { bytes in
                onBegin()
                return splitter.take(bytes) { element in
                    do {
                        isUnwanted = !receive(try WireJSON.decode(FileObject.self, from: Data(element)))
                        return !isUnwanted
                    } catch {
                        problem = Self.explained(error)
                        return false
                    }
                }
            }
        } catch {
            throw error == .cancelled && !isUnwanted ? .malformed(problem ?? "The answer is too long.") : error
        }
        return try Self.decode(FilesAnswer.self, splitter.envelope).total
    }

    /// Hands the listing's JSON to `receive` as it comes and returns how many files fit, whatever the limit left of them.
    ///
    /// False from `receive` ends the listing, which is no error; the number is then nil, as it is when the listing does
    /// not tell it. `onFile` is called at the end of each file.
    @discardableResult
    package func filesBody(
        _ filter: FileFilter, onFile: () -> Void = {}, _ receive: ([UInt8]) -> Bool
    ) throws(APIClientError) -> Int? {
        var splitter = ListSplitter()
        let request = APIRequest(
            method: "GET", target: target(APIRoute.route(.files).path(), filter.parameters), timeoutMilliseconds: nil)
        do throws(APIClientError) {
            try stream(request) { bytes in
                if !splitter.isTooLong {
                    _ = splitter.take(bytes) { _ in
                        onFile()
                        return true
                    }
                }
                return receive(bytes)
            }
        } catch {
            guard error == .cancelled else { throw error }
            return nil
        }
        return try? Self.decode(FilesAnswer.self, splitter.envelope).total
    }

    // MARK: - Events

    /// Hands each event with its line of JSON to `receive` as it happens.
    ///
    /// Returns when `receive` answers false, or when a daemon that had begun to tell ends or goes away.
    package func eachEvent(_ receive: (APIAnswer<EventObject>) -> Bool) throws(APIClientError) {
        var reader = EventFrameReader()
        var hasBegun = false
        var problem: APIClientError?
        let request = APIRequest(method: "GET", target: APIRoute.route(.events).path(), timeoutMilliseconds: nil)
        do throws(APIClientError) {
            try stream(request) { bytes in
                hasBegun = true
                for frame in reader.take(bytes) {
                    guard let data = frame.data.map({ Array($0.utf8) }) else { continue }
                    do throws(APIClientError) {
                        let event = try Self.decode(EventObject.self, data)
                        guard receive(APIAnswer(value: event, body: data)) else { return false }
                    } catch {
                        problem = error
                        return false
                    }
                }
                return !reader.isTooLong
            }
        } catch {
            if reader.isTooLong { throw .malformed("The answer is too long.") }
            if let problem { throw problem }
            if error == .cancelled { return }
            guard hasBegun, case .unreachable = error else { throw error }
        }
    }

    // MARK: - Exchange

    func get<Value: Decodable>(
        _ route: APIRoute.ID, id: Int64? = nil, parameters: [(String, String?)] = [],
        timeoutMilliseconds: Int? = 30_000
    ) throws(APIClientError) -> APIAnswer<Value> {
        try whole(
            APIRequest(
                method: "GET", target: target(APIRoute.route(route).path(id: id), parameters),
                timeoutMilliseconds: timeoutMilliseconds))
    }

    func post<Value: Decodable>(
        _ route: APIRoute.ID, _ body: some Encodable, timeoutMilliseconds: Int? = 30_000
    ) throws(APIClientError) -> APIAnswer<Value> {
        guard let json = try? WireJSON.encode(body) else { throw .malformed("The request cannot be written as JSON.") }
        return try whole(
            APIRequest(
                method: "POST", target: APIRoute.route(route).path(), body: Array(json),
                timeoutMilliseconds: timeoutMilliseconds))
    }

    private func whole<Value: Decodable>(_ request: APIRequest) throws(APIClientError) -> APIAnswer<Value> {
        var body: [UInt8] = []
        do throws(APIClientError) {
            try stream(request) { bytes in
                body.append(contentsOf: bytes)
                return body.count <= Self.bodyLimit
            }
        } catch {
            throw error == .cancelled ? .malformed("The answer is too long.") : error
        }
        return APIAnswer(value: try Self.decode(Value.self, body), body: body)
    }

    /// Sends a request and hands the body of a success to `receive`; any other status is thrown.
    func stream(_ request: APIRequest, _ receive: ([UInt8]) -> Bool) throws(APIClientError) {
        try stream(request) { _, bytes in receive(bytes) }
    }

    /// As above, with the length of the body where the daemon tells it.
    func stream(
        _ request: APIRequest, _ receive: (_ length: Int64?, _ bytes: [UInt8]) -> Bool
    ) throws(APIClientError) {
        var refusal: [UInt8] = []
        let status = try transport.send(request) { head, bytes in
            if (200..<300).contains(head.status) { return receive(head.length, bytes) }
            refusal += bytes.prefix(65_536 - refusal.count)
            return true
        }
        guard !(200..<300).contains(status) else { return }
        guard let failure = try? WireJSON.decode(APIFailure.self, from: Data(refusal)) else {
            throw .malformed("The server answered with status \(status), and not as kikod does.")
        }
        throw .refused(status: status, code: failure.code, message: failure.error)
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ body: [UInt8]
    ) throws(APIClientError) -> Value {
        do { return try WireJSON.decode(type, from: Data(body)) } catch { throw .malformed(explained(error)) }
    }

    private static func explained(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "The answer lacks the key '\(key.stringValue)'."
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "The answer's '\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type."
        default: "The answer is not JSON as kikod writes it."
        }
    }
}
