/// Where an API lives: `https://host`, perhaps with a port and a path before its own.
struct BaseAddress: Sendable, Hashable {
    /// Scheme, host and port.
    let origin: String
    /// With its port where it has one; for messages.
    let host: String
    /// Begins with a slash and does not end with one, or is empty.
    let path: String
    private let isSecure: Bool
    /// The host is this machine.
    let isLoopback: Bool

    /// nil for what is no such address, and for one with a name, a query or anything else that could be secret.
    init?(_ text: String) {
        guard let (scheme, rest) = Self.split(text) else { return nil }
        isSecure = scheme == "https"
        let authority = rest.prefix { $0 != "/" }
        guard let name = Self.hostName(authority) else { return nil }
        isLoopback = Self.isLoopback(name)
        host = String(authority)
        origin = scheme + "://" + authority
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        let allowed = Set("/-._~%!$&'()*+,;=:".utf8)
        guard path.utf8.allSatisfy({ Self.isAlphanumeric($0) || allowed.contains($0) }) else { return nil }
        self.path = path
    }

    /// Whether nobody on the way can read along.
    var isPrivate: Bool { isSecure || isLoopback }

    private static func split(_ text: String) -> (scheme: String, rest: Substring)? {
        let lower = text.lowercased()
        for scheme in ["http", "https"] where lower.hasPrefix(scheme + "://") {
            return (scheme, text.dropFirst(scheme.count + 3))
        }
        return nil
    }

    /// The name or address without its port.
    private static func hostName(_ authority: Substring) -> Substring? {
        let name: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            name = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard name.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return nil }
        } else {
            name = authority.prefix { $0 != ":" }
            rest = authority[name.endIndex...]
            let allowed = Set("-._".utf8)
            guard name.utf8.allSatisfy({ isAlphanumeric($0) || allowed.contains($0) }) else { return nil }
        }
        if let port = rest.isEmpty ? "1" : rest.first == ":" ? rest.dropFirst() : nil {
            guard (1...5).contains(port.utf8.count), let number = Int(port), (1...65_535).contains(number),
                port.utf8.first != UInt8(ascii: "+")
            else { return nil }
            return name.isEmpty ? nil : name
        }
        return nil
    }

    private static func isLoopback(_ name: Substring) -> Bool {
        if name.lowercased() == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.first != "+" }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
