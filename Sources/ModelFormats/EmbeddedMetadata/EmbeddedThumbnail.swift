/// A small picture inside a model file.
package struct EmbeddedThumbnail: Hashable, Sendable {
    /// `image/png`, `image/jpeg` or `image/webp`, by the content.
    package let mediaType: String
    package let data: [UInt8]

    /// Bytes of the largest picture that is taken.
    package static let maximumSize = 4 << 20

    /// Reads `data:image/jpeg;base64,…` (Stability-AI/ModelSpec: README.md); nil for anything but a picture of a known
    /// kind and a bounded size.
    package init?(dataURL text: String) {
        // The part before the comma is short, and four characters hold three bytes.
        guard text.utf8.count <= Self.maximumSize / 3 * 4 + 1024, text.utf8.starts(with: "data:".utf8),
            let comma = text.utf8.prefix(256).firstIndex(of: UInt8(ascii: ",")),
            text[..<comma].lowercased().hasSuffix(";base64"),
            let data = Base64.decode(text.utf8[comma...].dropFirst()), data.count <= Self.maximumSize,
            let mediaType = Self.mediaType(of: data)
        else { return nil }
        self.mediaType = mediaType
        self.data = data
    }

    /// The kind of picture by its first bytes: PNG (ISO/IEC 15948, 5.2), JPEG (ITU-T T.81, B.2.1), WebP (RFC 9649, 2.4).
    private static func mediaType(of data: [UInt8]) -> String? {
        if data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if data.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if data.starts(with: "RIFF".utf8), data.dropFirst(8).starts(with: "WEBP".utf8) { return "image/webp" }
        return nil
    }
}
