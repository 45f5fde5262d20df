internal import LinuxSystem

/// Sends answers.
struct AnswerWriter {
    private static let blockSize = 64 << 10

    private let socket: ClientSocket

    init(_ socket: ClientSocket) { self.socket = socket }

    /// Sends an answer in its manner; false when the connection has to end afterwards.
    func send(_ answer: Answer, isHead: Bool, isLast: Bool) -> Bool {
        if case .none = answer.delivery {
            socket.waitForEnd()
            return false
        }
        guard !isHead else { return socket.send(head(of: answer, isLast: isLast)[...]) && !isLast }
        switch answer.delivery {
        case .none: return false
        case .whole:
            return sendContent(answer, behind: head(of: answer, isLast: isLast), upTo: .max) && !isLast
        case .drip(let milliseconds):
            return drip(answer, milliseconds, behind: head(of: answer, isLast: isLast)) && !isLast
        case .cutShort(let count):
            _ = sendContent(answer, behind: head(of: answer, isLast: false), upTo: count)
            return false
        case .reset(let count):
            _ = sendContent(answer, behind: head(of: answer, isLast: false), upTo: count)
            socket.endWithReset()
            return false
        }
    }

    private func head(of answer: Answer, isLast: Bool) -> [UInt8] {
        var text = "HTTP/1.1 \(answer.status) \(reasonPhrase(answer.status))\r\n"
        for (name, value) in answer.headers { text += "\(name): \(value)\r\n" }
        text += "Date: \(httpDate(seconds: WallClock.now / 1_000_000_000))\r\n"
        text += "Content-Length: \(answer.length)\r\n"
        text += isLast ? "Connection: close\r\n\r\n" : "\r\n"
        return Array(text.utf8)
    }

    /// Sends what comes first, and then so many bytes of the content.
    private func sendContent(_ answer: Answer, behind first: [UInt8], upTo limit: Int) -> Bool {
        var buffer = first
        var missing = limit
        for piece in answer.content where missing > 0 {
            var count = min(piece.count, missing)
            missing -= count
            switch piece {
            case .bytes(let bytes): buffer += bytes.prefix(count)
            case .repeated(let byte, _):
                guard socket.send(buffer[...]) else { return false }
                buffer = []
                let block = [UInt8](repeating: byte, count: Self.blockSize)
                while count > 0 {
                    guard socket.send(block[..<min(count, block.count)]) else { return false }
                    count -= min(count, block.count)
                }
            }
        }
        return socket.send(buffer[...])
    }

    private func drip(_ answer: Answer, _ milliseconds: Int, behind first: [UInt8]) -> Bool {
        guard socket.send(first[...]) else { return false }
        for piece in answer.content {
            for position in 0..<piece.count {
                let byte: UInt8
                switch piece {
                case .bytes(let bytes): byte = bytes[position]
                case .repeated(let value, _): byte = value
                }
                guard socket.pause(milliseconds: milliseconds), socket.send([byte]) else { return false }
            }
        }
        return true
    }
}

/// The words behind a status code, which nobody reads.
private func reasonPhrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 404: "Not Found"
    case 429: "Too Many Requests"
    case 503: "Service Unavailable"
    default: "Status"
    }
}
