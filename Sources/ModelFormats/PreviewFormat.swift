/// The kinds of images and films that are shown for models, told by their first bytes.
package enum PreviewFormat {
    /// Bytes that are enough to tell.
    package static let prefixSize = 16

    /// The media type; nil for anything else, whatever its name says.
    ///
    /// PNG (ISO/IEC 15948, 5.2), JPEG (ITU-T T.81, B.2.1), WebP (RFC 9649, 2.4), GIF (GIF89a specification, 17), ISO
    /// base media files (ISO/IEC 14496-12, 4.3), Matroska's container (RFC 8794, 11.2.1).
    package static func mediaType(of bytes: some Collection<UInt8>) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "image/webp" }
        if bytes.starts(with: "GIF8".utf8) { return "image/gif" }
        if bytes.dropFirst(4).starts(with: "ftyp".utf8) { return "video/mp4" }
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "video/webm" }
        return nil
    }
}
