internal import JSON

extension JSONValue {
    /// What tools write where they have nothing.
    private static let placeholders: Set<String> = ["{}", "[]", "null", "None", "undefined", "Model not found"]

    /// A string that says something, as it is but for NUL characters.
    var prose: String? {
        guard let string else { return nil }
        var scalars = string.unicodeScalars
        if string.utf8.contains(0) { scalars.removeAll { $0 == "\0" } }
        let text = String(scalars)
        let trimmed = text.trimmed
        if trimmed.isEmpty { return nil }
        // Longer texts are none, and hashing them takes its time.
        return trimmed.utf8.count <= 16 && Self.placeholders.contains(trimmed) ? nil : text
    }

    /// A name: a string that says something, without white space around it, and not a whole text.
    var word: String? {
        guard let string, string.utf8.count <= 1024 else { return nil }
        return prose?.trimmed
    }

    /// An id of CivitAI's, also in a string: its database counts from 1 in 32 bits.
    var identifier: Int64? {
        integer.flatMap { (1...Int64(Int32.max)).contains($0) ? $0 : nil }
    }

    /// CivitAI's level bits, of which there are six; 0 is unrated.
    var level: Int? {
        integer.flatMap { (1...63).contains($0) ? Int($0) : nil }
    }
}
