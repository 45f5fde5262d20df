internal import CCurl

/// What one exchange has received; libcurl's callbacks reach it by a plain pointer while the exchange runs.
final class HTTPTransfer {
    /// Enough for any server that means well.
    private static let headerLimit = 64 << 10

    let limit: Int
    private let receive: (_ head: HTTPResponse, _ bytes: [UInt8]) -> Bool
    private(set) var status = 0
    private(set) var headers: [(name: String, value: String)] = []
    /// The empty line after the header fields has come: libcurl takes a head that was cut off for a whole one.
    private(set) var isHeadComplete = false
    private(set) var isTooLarge = false
    /// The receiving closure ended the exchange.
    private(set) var isUnwanted = false
    private var headerBytes = 0
    private var bodyBytes = 0

    init(limit: Int, receive: @escaping (_ head: HTTPResponse, _ bytes: [UInt8]) -> Bool) {
        self.limit = limit
        self.receive = receive
    }

    /// The answer without its body.
    var head: HTTPResponse { HTTPResponse(status: status, headers: headers, body: []) }

    /// Takes a piece of the body; false ends the exchange.
    func take(body bytes: [UInt8]) -> Bool {
        bodyBytes += bytes.count
        isTooLarge = bodyBytes > limit
        if !isTooLarge { isUnwanted = !receive(head, bytes) }
        return !isTooLarge && !isUnwanted
    }

    /// Takes a line of the head; a status line begins a new head, as after `100 Continue`.
    func take(header line: [UInt8]) -> Bool {
        headerBytes += line.count
        isTooLarge = headerBytes > Self.headerLimit
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers = []
            isHeadComplete = false
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
        } else if let colon = text.firstIndex(of: ":") {
            headers.append((text[..<colon].lowercased(), trimmed(text[text.index(after: colon)...])))
        }
        if text == "\r\n" || text == "\n" { isHeadComplete = true }
        return !isTooLarge
    }

    private func trimmed(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}

/// File-level, as everything that C calls: a closure would take over the isolation of the place where it is written.
func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receivePiece(bytes, size * count, context) { $0.take(body: $1) }
}

/// As `receiveBody`, for each line of the head.
func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receivePiece(bytes, size * count, context) { $0.take(header: $1) }
}

/// Returns the number of bytes taken, as libcurl wants it; any other number than `count` ends the exchange.
private func receivePiece(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (HTTPTransfer, [UInt8]) -> Bool
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
    let piece = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    // A refused empty piece must not look like a taken one.
    return take(transfer, piece) ? count : count + 1
}
