/// A person's key to CivitAI, which neither a message nor a mirror shows.
struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let secret: String

    /// nil for a text that no header field can carry.
    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        secret = text
    }

    var description: String { "an API key" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// A text of somebody else's without the key in it.
    func redacting(_ text: String) -> String { text.replacing(secret, with: "…") }
}
