package import Catalog
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// An image or a film that shows what a model makes.
package struct PreviewImage: Sendable {
    /// Larger ones are not served.
    package static let maximumSize = 16 << 20

    package let mediaType: String
    package let bytes: [UInt8]

    /// Whether an image beside a file is a film, by its name.
    package static func isFilm(name: [UInt8]) -> Bool { CompanionName.isFilm(name: name) }

    /// The preview of a file: the image beside it, else the one in it. Asks the file system, so it may hang with a dead
    /// drive.
    ///
    /// - Returns: nil when there is none, or none that can be shown.
    package static func of(_ file: FileDetails, in catalog: ModelCatalog) throws -> PreviewImage? {
        if let path = file.preview { return try beside(path) }
        guard file.header.hasThumbnail, let content = file.contentID else { return nil }
        let extras = try catalog.read { try $0.extras(ofContent: content) }
        let thumbnail = EmbeddedMetadata(extras.metadata.map { (key: $0.key, value: $0.value) }).thumbnail
        return thumbnail.map { PreviewImage(mediaType: $0.mediaType, bytes: $0.data) }
    }

    private static func beside(_ path: FilePath) throws(SystemError) -> PreviewImage? {
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let status = try file.status()
            guard status.kind == .regular, status.size <= Self.maximumSize else { return nil }
            let bytes = try file.read(upTo: Int(status.size), at: 0, shown: path)
            return PreviewFormat.mediaType(of: bytes).map { PreviewImage(mediaType: $0, bytes: bytes) }
        } catch {
            // It went since the last look, which an event tells.
            if error.errno == .noEntry || error.errno == .notDirectory { return nil }
            throw error
        }
    }

    private init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }

    /// Another value for other bytes, as far as anybody needs it: FNV-1a (RFC 9923) over them and their number.
    package var entityTag: String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\"\(bytes.count)-\(String(hash, radix: 16))\""
    }
}
