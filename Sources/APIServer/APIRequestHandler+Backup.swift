internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import LinuxSystem
internal import Synchronization

/// `GET backup`: the database as it is at one moment.
extension APIRequestHandler {
    func backup(_ route: APIRoute) throws -> HTTPResponse {
        guard let turn = backups.take() else {
            throw APIProblem(.conflict, "Another backup is being made; try again when it is done.")
        }
        let file: BackupFile
        do {
            file = try BackupFile(index.catalog.openBackup(), turn)
        } catch {
            throw APIProblem(.unavailable, "There is no backup: \(error)")
        }
        var headers = Self.headers(mediaType: route.mediaType)
        headers.append(HTTPField("Content-Disposition", "attachment; filename=\"models.db\""))
        return HTTPResponse(
            headers: headers, body: try .produced(length: file.size, threadName: "api-backup") { try file.next() })
    }
}

/// A copy of the database, read from its beginning to its end.
private final class BackupFile: Sendable {
    private static let pieceSize = 256 << 10

    /// Bytes.
    let size: Int64
    private let file: FileDescriptor
    private let turn: Turns.Turn
    private let position = Mutex<Int64>(0)

    init(_ file: consuming FileDescriptor, _ turn: Turns.Turn) throws {
        size = try file.status().size
        self.file = file
        self.turn = turn
    }

    func next() throws -> [UInt8]? {
        try position.withLock { position in
            let bytes = try file.read(upTo: Self.pieceSize, at: position, shown: FilePath("backup"))
            position += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }
}
