internal import YAML

extension SettingValue {
    /// `ADDRESS:PORT`.
    static func listenAddress(_ node: YAMLNode) throws(ValueProblem) -> ListenAddress {
        guard let text = node.scalar?.text, let address = ListenAddress(text) else {
            throw ValueProblem(expected: "an address and port such as 127.0.0.1:3000 or [::1]:3000", found: node)
        }
        return address
    }

    /// A name for the Host header, without a port, in lower case.
    static func hostName(_ node: YAMLNode) throws(ValueProblem) -> String {
        guard let text = node.scalar?.text, !text.isEmpty, text.utf8.count <= 253,
            text.utf8.allSatisfy({
                letterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                    || $0 == UInt8(ascii: "_")
            })
        else { throw ValueProblem(expected: "a host name without a port", found: node) }
        return text.lowercased()
    }

    /// An http or https address without query, fragment or user; a slash at its end is taken off.
    static func baseURL(_ node: YAMLNode) throws(ValueProblem) -> String {
        let problem = ValueProblem(expected: "an address such as https://civitai.com", found: node)
        guard var text = node.scalar?.text else { throw problem }
        while text.hasSuffix("/") { text.removeLast() }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { throw problem }
        let rest = text.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" }
        guard host.utf8.contains(where: letterOrDigit), host.first != ":",
            rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#@\\\"<>".utf8.contains($0) })
        else { throw problem }
        return text
    }

    /// `auto` (nil) or a number of threads.
    static func workers(_ node: YAMLNode) throws(ValueProblem) -> Int? {
        if node.scalar?.text == "auto" { return nil }
        guard let number = try? integer(in: 1...64)(node) else {
            throw ValueProblem(expected: "auto or a whole number from 1 to 64", found: node)
        }
        return number
    }

    private static func letterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
