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

    /// The preview of a file: the image beside it, else the one that was fetched, else the one in it. Asks the file
    /// system, so it may hang with a dead drive.
    ///
    /// - Parameter reserve: is told how many bytes are about to be read, and throws when that is too much.
    /// - Returns: nil when there is none, or none that can be shown.
    package static func of(
        _ file: FileDetails, in catalog: ModelCatalog, cache: PreviewCache, reserve: (Int) throws -> Void
    ) throws -> PreviewImage? {
        if let path = file.preview, let image = try beside(path, reserve) { return image }
        if let content = file.contentID, let cached = file.cachedPreview {
            if let image = try beside(cache.path(cached.sha256), reserve) { return image }
            // Somebody has emptied the cache.
            try catalog.write { try $0.forgetPreview(ofContent: content) }
        }
        guard file.header.hasThumbnail, let content = file.contentID else { return nil }
        try reserve(EmbeddedThumbnail.maximumSize)
        let extras = try catalog.read { try $0.extras(ofContent: content) }
        let thumbnail = EmbeddedMetadata(extras.metadata.map { (key: $0.key, value: $0.value) }).thumbnail
        return thumbnail.map { PreviewImage(mediaType: $0.mediaType, bytes: $0.data) }
    }

    /// The image at a path, as the last look saw it: what took its place since is found by the next one.
    private static func beside(_ path: FilePath, _ reserve: (Int) throws -> Void) throws -> PreviewImage? {
        do {
            let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let status = try file.status()
            guard status.kind == .regular, status.size <= Self.maximumSize else { return nil }
            try reserve(Int(status.size))
            let bytes = try file.read(upTo: Int(status.size), at: 0, shown: path)
            return PreviewFormat.mediaType(of: bytes).map { PreviewImage(mediaType: $0, bytes: bytes) }
        } catch let error as SystemError where error.errno == .noEntry || error.errno == .notDirectory {
            return nil
        }
    }

    private init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }

    /// Another value for other bytes, as far as anybody needs it.
    package var entityTag: String {
        var hash = StableHash()
        hash.add(bytes)
        return "\"\(bytes.count)-\(String(hash.value, radix: 16))\""
    }
}
