/// A request as it came over the wire.
struct WireRequest {
    let method: String
    /// Path and query, as sent.
    let target: String
    let headers: [(name: String, value: String)]
    /// Up to the limit.
    let body: [UInt8]
    /// True when the client sent more than the limit, which was read and dropped.
    let isBodyTooLong: Bool
    /// True when the client wants no other answer on this connection.
    let isLast: Bool

    /// The value of the first header of this name, in any case of its letters.
    func header(_ name: String) -> String? { firstHeader(name, in: headers) }
}

/// The value of the first header of this name, in any case of its letters.
func firstHeader(_ name: String, in headers: [(name: String, value: String)]) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
}

/// Reads the requests of a connection, one after the other.
struct RequestReader {
    /// What comes next on a connection.
    enum Incoming {
        case request(WireRequest)
        /// Not HTTP, or a part of it that is not spoken here.
        case malformed
        case end
    }

    private static let headLimit = 64 << 10

    private let socket: ClientSocket
    private let bodyLimit: Int
    private var unread: [UInt8] = []

    init(_ socket: ClientSocket, bodyLimit: Int) {
        self.socket = socket
        self.bodyLimit = bodyLimit
    }

    /// Waits for the next request.
    mutating func next() -> Incoming {
        guard let head = readHead() else { return unread.isEmpty ? .end : .malformed }
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)[
            ...]
        let words = (lines.popFirst() ?? "").split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else { return .malformed }
        var headers: [(name: String, value: String)] = []
        for line in lines where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { return .malformed }
            headers.append((String(line[..<colon]), trimmed(line[line.index(after: colon)...])))
        }
        guard firstHeader("Transfer-Encoding", in: headers) == nil,
            let length = Int(firstHeader("Content-Length", in: headers) ?? "0"), length >= 0
        else { return .malformed }
        if firstHeader("Expect", in: headers)?.lowercased() == "100-continue" {
            _ = socket.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)[...])
        }
        guard let (body, isTooLong) = readBody(length) else { return .end }
        let connection = firstHeader("Connection", in: headers)?.lowercased()
        return .request(
            WireRequest(
                method: String(words[0]), target: String(words[1]), headers: headers, body: body,
                isBodyTooLong: isTooLong,
                isLast: connection == "close" || words[2] == "HTTP/1.0" && connection != "keep-alive"))
    }

    /// Takes everything up to the empty line; nil when it does not come.
    private mutating func readHead() -> [UInt8]? {
        let end = Array("\r\n\r\n".utf8)
        var searched = 0
        while true {
            if let found = unread[searched...].firstRange(of: end) {
                let head = Array(unread[..<found.lowerBound])
                unread.removeFirst(found.upperBound)
                return head
            }
            searched = max(0, unread.count - end.count)
            guard unread.count <= Self.headLimit, let more = socket.receive() else { return nil }
            unread += more
        }
    }

    /// Takes so many bytes, of which those within the limit count; nil when they do not come.
    private mutating func readBody(_ length: Int) -> (bytes: [UInt8], isTooLong: Bool)? {
        var body = Array(unread.prefix(length))
        unread.removeFirst(body.count)
        var missing = length - body.count
        while missing > 0 {
            guard let more = socket.receive() else { return nil }
            if body.count <= bodyLimit { body += more.prefix(missing) }
            unread = Array(more.dropFirst(missing))
            missing -= min(missing, more.count)
        }
        return length > bodyLimit ? (Array(body.prefix(bodyLimit)), true) : (body, false)
    }

    private func trimmed(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
