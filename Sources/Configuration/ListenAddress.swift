internal import Glibc

/// A TCP address to listen on.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address in its usual text form.
    package let host: String
    /// 1 to 65535, or 0 for any free port.
    package let port: UInt16

    /// Whether only programs on this machine can connect (127.0.0.0/8 of RFC 1122, ::1 of RFC 4291).
    package var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// Reads `127.0.0.1:3000`, `[::1]:3000` or `localhost:3000`; nil for anything else, also for other names,
    /// since what a name leads to may change.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            var address = in6_addr()
            let inner = String(host.dropFirst().dropLast())
            guard unsafe inet_pton(AF_INET6, inner, &address) == 1 else { return nil }
            var shown = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard unsafe inet_ntop(AF_INET6, &address, &shown, socklen_t(shown.count)) != nil else { return nil }
            self.host = String(decoding: shown.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        } else if host == "localhost" {
            self.host = "127.0.0.1"
        } else {
            var address = in_addr()
            guard unsafe inet_pton(AF_INET, String(host), &address) == 1 else { return nil }
            self.host = String(host)
        }
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
