extension Fault {
    /// A description of a fault that says nothing.
    package struct Meaningless: Error, CustomStringConvertible {
        /// A sentence for people.
        package let description: String
    }

    /// Reads a fault as it is given on the command line, such as `status=503,path=/api/v1/models,times=2,skip=1`.
    ///
    /// First the kind: `status=N`, `429`, `429=SECONDS`, `region-blocked`, `challenge`, `challenge=N`,
    /// `not-found-page`, `redirect=URL`, `hang`, `drip=MILLISECONDS`, `reset`, `truncated`, `cut-short`,
    /// `invalid-json`, `other-shape`, `empty`, `huge`, `huge=BYTES`, `gzip-garbage`, `content-type=TYPE`; then, in any
    /// order, one of `path=START`, `contains=TEXT` and `image`, and `times=N` and `skip=N`.
    package init(text: String) throws(Meaningless) {
        var parts = text.split(separator: ",").map { part in
            let words = part.split(separator: "=", maxSplits: 1).map(String.init)
            return (name: words.first ?? "", value: words.count > 1 ? words[1] : nil)
        }[...]
        guard let first = parts.popFirst(), let kind = Self.kind(first.name, first.value) else {
            throw Meaningless(description: "'\(text)' does not begin with a kind of fault")
        }
        self.init(kind: kind)
        for part in parts {
            switch (part.name, part.value, part.value.flatMap { Int($0) }) {
            case ("path", let value?, _): when = .path(value)
            case ("contains", let value?, _): when = .contains(value)
            case ("image", nil, _): when = .image
            case ("times", _, let count?): times = count
            case ("skip", _, let count?): skip = count
            default: throw Meaningless(description: "'\(part.name)' in '\(text)' means nothing, or lacks its value")
            }
        }
    }

    private static func kind(_ name: String, _ value: String?) -> FaultKind? {
        let number = value.flatMap { Int($0) }
        return switch name {
        case "status": number.map { .status($0) }
        case "429": .tooManyRequests(retryAfter: number.map { .seconds($0) })
        case "region-blocked": .regionBlocked
        case "challenge": .challenge(status: number ?? 403)
        case "not-found-page": .notFoundPage
        case "redirect": value.map { .redirect(to: $0) }
        case "hang": .hang
        case "drip": number.map { .drip(milliseconds: $0) }
        case "reset": .reset
        case "truncated": .truncatedJSON
        case "cut-short": .cutShort
        case "invalid-json": .invalidJSON
        case "other-shape": .otherShape
        case "empty": .emptyBody
        case "huge": .hugeBody(bytes: number ?? 64 << 20)
        case "gzip-garbage": .gzippedGarbage
        case "content-type": value.map { .contentType($0) }
        default: nil
        }
    }
}
