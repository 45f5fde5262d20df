package import LinuxSystem

/// The value of `--root`: `DIR` or `DIR:TYPE`.
package struct RootArgument: Hashable, Sendable {
    /// The directory as it was written.
    package let directory: FilePath
    /// The type, nil where none was given.
    package let type: ModelType?

    /// Reads the value; nil when it names no directory.
    ///
    /// What follows the last colon is a type only if it is one of the type names: `/a:b` is a directory, and a
    /// directory `/a:lora` is written `/a:lora/`.
    package init?(_ text: String) {
        var directory = text[...]
        var type: ModelType?
        if let colon = text.lastIndex(of: ":"),
            let named = ModelType(rawValue: String(text[text.index(after: colon)...]))
        {
            directory = text[..<colon]
            type = named
        }
        guard !directory.isEmpty, !directory.utf8.contains(0) else { return nil }
        self.directory = FilePath(escaped: String(directory))
        self.type = type
    }
}
