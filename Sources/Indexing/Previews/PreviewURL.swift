/// Where a small version of a preview image is fetched from; only from the site that is configured.
///
/// An answer could name any address, also ones inside of the network that kikod runs in.
struct PreviewURL: Sendable, Hashable {
    /// One of the widths in which CivitAI's image servers keep images.
    private static let width = 450
    /// The sites of CivitAI, whose images lie on hosts below these names.
    private static let sites = [".civitai.com", ".civitai.red"]

    /// Scheme, host and port.
    let origin: String
    /// The path with its query.
    let target: String

    /// nil for an address from which nothing is fetched.
    ///
    /// - Parameter baseURL: the configured site.
    init?(_ text: String, baseURL: String) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let (origin, path) = Self.parts(text), Self.isAllowed(origin, baseURL: baseURL)
        else { return nil }
        self.origin = origin
        target = Self.scaled(path)
    }

    private static func parts(_ text: String) -> (origin: String, path: String)? {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            guard let slash = rest.firstIndex(of: "/"), slash != rest.startIndex else { return nil }
            let host = rest[..<slash]
            // No user, no host in brackets or escapes: CivitAI has none.
            guard host.utf8.allSatisfy(isHostByte) else { return nil }
            return (scheme + host.lowercased(), String(rest[slash...].prefix { $0 != "#" }))
        }
        return nil
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func isAllowed(_ origin: String, baseURL: String) -> Bool {
        if let base = parts(baseURL + "/")?.origin, base == origin { return true }
        return origin.hasPrefix("https://") && !origin.dropFirst(8).contains(":")
            && sites.contains { origin.hasSuffix($0) }
    }

    /// The address of a smaller image: the segment with the parameters (`original=true`) is replaced.
    private static func scaled(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.contains("=") && !$0.contains("?") ? "width=\(width)" : String($0) }.joined(separator: "/")
    }
}
