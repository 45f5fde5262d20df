package import LinuxSystem

/// How a request came in, which decides what has to be asked of it.
package enum ListenerKind: Hashable, Sendable {
    /// A Unix socket: the file system's permissions have admitted the peer.
    case unix
    /// TCP: anybody who reaches the port, browsers among them.
    case tcp
}

/// One complete request.
package struct HTTPRequest: Sendable {
    /// As sent; methods are case-sensitive (RFC 9110, section 9.1).
    package let method: String
    package let target: HTTPTarget
    package let headers: [HTTPField]
    package let body: [UInt8]
    package let listener: ListenerKind
    /// Who asks, on a Unix socket; nil for GET and HEAD, which change nothing.
    package var peer: PeerCredentials?

    package init(
        method: String, target: HTTPTarget, headers: [HTTPField] = [], body: [UInt8] = [],
        listener: ListenerKind = .unix
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.listener = listener
    }

    /// The decoded segments of the path.
    package var path: [String] { target.path }

    /// The decoded parameters of the query, in their order.
    package var query: [HTTPField] { target.query }

    /// The value of the first header of this name, in any case of its letters.
    package func header(_ name: String) -> String? {
        headers.first { equalIgnoringCase($0.name, name) }?.value
    }
}

/// True when two header names differ at most in the case of ASCII letters.
func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) { asciiLowercase($0) == asciiLowercase($1) }
}

private func asciiLowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
