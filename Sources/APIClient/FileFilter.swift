/// The query of `GET files`; what is nil does not restrict.
package struct FileFilter: Sendable, Equatable {
    /// One of `Vocabulary.types`.
    package var type: String?
    /// A base model.
    package var base: String?
    /// A folder below a root.
    package var folder: String?
    /// A comma list of `Vocabulary.fileStates`, or `present`.
    package var state: String?
    /// One of `Vocabulary.civitaiStates`.
    package var civitai: String?
    /// A base name or stem or, with a slash, the end of a path.
    package var name: String?
    /// An absolute path that leads to the file.
    package var path: String?
    /// The same as bytes in base64, for a path that is not UTF-8.
    package var pathBase64: String?
    /// With metadata, tags and pickle, which a listing leaves out else.
    package var hasDetails = false
    /// At most so many files.
    package var limit: Int?
    /// Without the first so many files.
    package var offset: Int?

    package init() {}

    var parameters: [(String, String?)] {
        [
            ("type", type), ("base", base), ("folder", folder), ("state", state), ("civitai", civitai), ("name", name),
            ("path", path), ("path_base64", pathBase64), ("details", hasDetails ? "true" : nil),
            ("limit", limit.map(String.init)), ("offset", offset.map(String.init)),
        ]
    }
}

/// A path with the parameters that have a value as its query.
func target(_ path: String, _ parameters: [(String, String?)]) -> String {
    let query = parameters.compactMap { name, value in value.map { name + "=" + percentEncoded($0) } }
    return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
}

/// Text with everything but RFC 3986's unreserved characters percent-encoded.
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += byte < 16 ? "%0" + digits : "%" + digits
        }
    }
    return encoded
}
