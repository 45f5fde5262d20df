internal import FoundationEssentials

/// A block of a server-sent event stream (WHATWG HTML, section 9.2), as far as kikod uses them.
package struct EventFrame: Sendable, Equatable {
    /// What a client sends back as `Last-Event-ID` to go on after this event.
    package var id: String?
    /// The event's name; nil for a block that only sets the id.
    package var event: String?
    /// One line.
    package var data: String?

    /// What keeps a connection alive that has nothing to tell: a comment.
    package static let heartbeat = Array(":\n\n".utf8)

    package init(id: String?, event: String? = nil, data: String? = nil) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The frame of an event; throws `EncodingError`.
    package init(id: String, _ object: EventObject) throws {
        self.init(
            id: id, event: object.event, data: String(decoding: try WireJSON.encode(object), as: UTF8.self))
    }

    /// The block with the empty line that ends it.
    package var bytes: [UInt8] {
        var text = ""
        if let id { text += "id: \(id)\n" }
        if let event { text += "event: \(event)\n" }
        if let data { text += "data: \(data)\n" }
        return Array((text + "\n").utf8)
    }
}

/// Cuts the blocks out of a server-sent event stream as it arrives.
package struct EventFrameReader: Sendable {
    /// The longest line that is taken, in bytes.
    private static let limit = 64 << 20

    /// True when a line was too long; nothing more is taken then.
    package private(set) var isTooLong = false
    private var line: [UInt8] = []
    private var frame = EventFrame(id: nil)

    package init() {}

    /// Takes the next piece; the frames that end in it.
    package mutating func take(_ bytes: [UInt8]) -> [EventFrame] {
        var frames: [EventFrame] = []
        for byte in bytes where !isTooLong {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                isTooLong = line.count > Self.limit
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty {
                if frame != EventFrame(id: nil) { frames.append(frame) }
                frame = EventFrame(id: nil)
            } else {
                takeField(String(decoding: line, as: UTF8.self))
            }
            line.removeAll(keepingCapacity: true)
        }
        return frames
    }

    private mutating func takeField(_ text: String) {
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let rest = text[colon...].dropFirst()
        let value = String(rest.first == " " ? rest.dropFirst() : rest)
        switch text[..<colon] {
        case "id": frame.id = value
        case "event": frame.event = value
        case "data": frame.data = frame.data.map { $0 + "\n" + value } ?? value
        default: break
        }
    }
}
