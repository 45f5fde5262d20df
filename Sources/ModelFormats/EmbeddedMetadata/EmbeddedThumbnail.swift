/// A small picture inside a model file.
package struct EmbeddedThumbnail: Hashable, Sendable {
    /// Such as `image/png`, by the content.
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
            let mediaType = PreviewFormat.mediaType(of: data), mediaType.hasPrefix("image/")
        else { return nil }
        self.mediaType = mediaType
        self.data = data
    }
}
