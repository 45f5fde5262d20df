internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import Synchronization

/// `GET files/{id}/preview`.
extension APIRequestHandler {
    /// Reading the image may wait for a drive.
    func replyWithPreview(_ id: Int64, knownTag: String?) -> HTTPReply {
        later {
            guard let file = try index.catalog.read({ try $0.file(id: id) }) else {
                throw APIProblem(.notFound, "There is no file with the number \(id).")
            }
            if let path = file.preview, !index.indexer.isOnline(path) {
                throw APIProblem(.unavailable, "\(path) is on a drive that is offline.")
            }
            let reservation = Reservation()
            guard
                let image = try PreviewImage.of(
                    file, in: index.catalog, cache: index.previews.cache, reserve: reservation.add)
            else {
                throw APIProblem(.notFound, "There is no preview of \(file.path).")
            }
            var headers = Self.headers(mediaType: image.mediaType)
            headers.append(HTTPField("ETag", image.entityTag))
            if let knownTag, Self.names(knownTag, image.entityTag) {
                return HTTPResponse(status: 304, headers: headers)
            }
            let piece = HeldBytes(image.bytes, reservation)
            return HTTPResponse(
                headers: headers, body: .stream(length: Int64(image.bytes.count)) { _ in piece.next() })
        }
    }

    /// Whether a client that has these versions has this one (RFC 9110, 13.1.2).
    private static func names(_ knownTags: String, _ tag: String) -> Bool {
        knownTags.split(separator: ",").contains { known in
            var known = known.drop { $0 == " " }
            while known.last == " " { known.removeLast() }
            return known == "*" || known == tag || known == "W/" + tag
        }
    }
}

/// What one answer may hold in memory. All together are bounded, however slowly clients take them.
private final class Reservation: Sendable {
    private static let held = Mutex(0)
    private static let limit = 64 << 20

    private let own = Mutex(0)

    func add(_ bytes: Int) throws {
        let fits = Self.held.withLock { held in
            guard held + bytes <= Self.limit else { return false }
            held += bytes
            return true
        }
        guard fits else { throw APIProblem(.unavailable, "Too many previews are being sent; try again.") }
        own.withLock { $0 += bytes }
    }

    deinit {
        let own = own.withLock { $0 }
        Self.held.withLock { $0 -= own }
    }
}

/// The bytes of one answer, in pieces.
private final class HeldBytes: Sendable {
    private static let pieceSize = 64 * 1024

    private let bytes: [UInt8]
    private let reservation: Reservation
    private let position = Mutex(0)

    init(_ bytes: [UInt8], _ reservation: Reservation) {
        self.bytes = bytes
        self.reservation = reservation
    }

    func next() -> HTTPBodyPiece {
        position.withLock { position in
            let end = min(position + Self.pieceSize, bytes.count)
            defer { position = end }
            return position == end ? .end : .bytes(Array(bytes[position..<end]))
        }
    }
}
