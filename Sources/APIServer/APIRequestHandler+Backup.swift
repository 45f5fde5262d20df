internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import LinuxSystem
internal import Synchronization

/// `GET backup`: the database as it is at one moment.
extension APIRequestHandler {
    func backup(_ call: Call) throws -> HTTPResponse {
        var headers = Self.headers(mediaType: call.route.mediaType)
        headers.append(HTTPField("Content-Disposition", "attachment; filename=\"models.db\""))
        // How long it is shows when it is made.
        if call.isHead { return HTTPResponse(headers: headers) }
        guard let turn = backups.take() else {
            throw APIProblem(.conflict, "Another backup is being made; try again when it is done.")
        }
        let file: BackupFile
        do {
            file = try BackupFile(index.catalog.openBackup(), turn)
        } catch {
            throw APIProblem(.unavailable, "There is no backup: \(error)")
        }
        return HTTPResponse(
            headers: headers, body: try .produced(length: file.size, threadName: "api-backup") { try file.next() })
    }
}

/// A copy of the database, read from its beginning to its end, within a bounded time: it takes up room on the disk and
/// keeps others waiting.
private final class BackupFile: Sendable {
    private struct TooSlow: Error, CustomStringConvertible {
        var description: String { "a backup was read too slowly" }
    }

    private static let pieceSize = 256 << 10
    /// What a client has to take at least, in bytes a second, and the milliseconds that it has in any case.
    private static let slowest: Int64 = 256 << 10
    private static let leastTime = 60_000

    /// Bytes.
    let size: Int64
    private let file: FileDescriptor
    private let turn: Turns.Turn
    private let position = Mutex<Int64>(0)
    private let deadline: MonotonicTime

    init(_ file: consuming FileDescriptor, _ turn: Turns.Turn) throws {
        size = try file.status().size
        deadline = .now.advanced(milliseconds: Self.leastTime + Int(clamping: size / Self.slowest) * 1000)
        self.file = file
        self.turn = turn
    }

    func next() throws -> [UInt8]? {
        guard .now < deadline else { throw TooSlow() }
        return try position.withLock { position in
            let bytes = try file.read(upTo: Self.pieceSize, at: position, shown: FilePath("backup"))
            position += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }
}
