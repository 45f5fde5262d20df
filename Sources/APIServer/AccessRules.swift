internal import HTTPServer
internal import IndexAPI

/// Who may ask what.
///
/// On the Unix socket the permissions of the file have decided already. On TCP any process of the machine can ask, and
/// any web page that the user's browser shows: so the Host header must be a name that was configured, which no
/// rebound DNS name is, and changes need the token.
package struct AccessRules: Sendable {
    /// Names in the Host header that are accepted besides those of the loopback interface.
    package let hosts: Set<String>
    /// What `Authorization: Bearer` has to carry; nil where no token is configured.
    package let token: [UInt8]?

    package init(hosts: Set<String>, token: [UInt8]?) {
        self.hosts = Set(hosts.map { $0.lowercased() })
        self.token = token
    }

    /// Why a request is refused for the name in its Host header; nil when the name is one of this machine's.
    func hostProblem(with request: HTTPRequest) -> APIProblem? {
        guard request.listener == .tcp else { return nil }
        let host = Self.name(inHostHeader: request.header("Host") ?? "")
        guard Self.isLoopbackName(host) || hosts.contains(host) else {
            return APIProblem(
                .forbidden, "The Host header names neither this machine's loopback nor one of http.hosts.")
        }
        return nil
    }

    /// Why a request is refused for lack of the token; nil when it may be answered.
    func tokenProblem(with request: HTTPRequest, writes: Bool) -> APIProblem? {
        guard request.listener == .tcp else { return nil }
        guard let token else {
            return writes
                ? APIProblem(.unauthorized, "Changes over TCP need a token: set http.token_file.") : nil
        }
        // The name of the scheme is in any case (RFC 9110 section 11.1).
        let scheme = "bearer "
        let given = request.header("Authorization") ?? ""
        let isBearer = given.prefix(scheme.count).lowercased() == scheme
        return isBearer && Self.isEqual(Array(given.dropFirst(scheme.count).utf8), token)
            ? nil : APIProblem(.unauthorized, "This needs the header Authorization: Bearer with the token.")
    }

    /// The host without the port, in lower case; `[::1]:3000` is `::1`.
    static func name(inHostHeader header: String) -> String {
        let lower = header.lowercased()
        if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") { return String(lower.dropFirst()[..<end]) }
        return lower.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    }

    static func isLoopbackName(_ name: String) -> Bool {
        name == "localhost" || name.hasSuffix(".localhost") || TCPListener.isLoopback(host: name)
    }

    /// Compares in a time that does not depend on where the difference is.
    static func isEqual(_ given: [UInt8], _ wanted: [UInt8]) -> Bool {
        var difference = given.count ^ wanted.count
        for index in wanted.indices {
            difference |= Int((index < given.count ? given[index] : 0) ^ wanted[index])
        }
        return difference == 0
    }
}
