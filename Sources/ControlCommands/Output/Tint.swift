internal import IndexAPI

/// A colour or weight of text on a terminal (ECMA-48, SGR): only the basic ones, which every colour scheme has.
enum Tint: String {
    case bad = "31"
    case good = "32"
    case doubtful = "33"
    /// For what matters less.
    case secondary = "2"

    /// The text in this tint; the sequences around it take no columns.
    func around(_ text: String) -> String { text.isEmpty ? text : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }

    /// That of one of the API's words for a state, or of a dash for what is unknown.
    static func ofState(_ word: String) -> Tint? {
        switch word {
        case "error", "blocked", "stopping": .bad
        case "indexed", "online", "found", "ready": .good
        case "missing", "offline", "degraded", "paused", "backing_off": .doubtful
        case "-", "off": .secondary
        default: nil
        }
    }
}

extension CommandContext {
    /// True where standard output is a terminal that is known to have colours and nobody has forbidden them
    /// (https://no-color.org: NO_COLOR is there and not empty).
    var hasColour: Bool {
        let terminal = environment["TERM"] ?? ""
        return width != nil && !terminal.isEmpty && terminal != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
    }
}

extension CommandRun {
    /// The text in a tint where there are colours.
    func tinted(_ text: String, _ tint: Tint?) -> String {
        guard let tint, context.hasColour else { return text }
        return tint.around(text)
    }
}
