/// Something wrong in what a person configured: where, and a sentence that says what to do.
package struct ConfigurationFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, or the flag or variable, that holds the fault.
    package let file: String
    /// The line in it, from 1; nil where there is none.
    package let line: Int?
    /// What is wrong.
    package let message: String

    /// A fault at a place.
    package init(_ origin: SettingOrigin, _ message: String) {
        file = origin.source
        line = origin.line
        self.message = message
    }

    /// `FILE:LINE: message`, as compilers write it.
    package var description: String { "\(SettingOrigin(source: file, line: line)): \(message)" }
}

/// All faults of one configuration, at least one.
package struct ConfigurationFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// The faults in the order of the document.
    package let faults: [ConfigurationFault]

    /// One fault a line.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Where a setting was made, for messages.
package struct SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    /// A file's path, a flag (`--root`) or an environment variable (`MODEL_PATH`).
    package let source: String
    /// The line of a file, from 1.
    package let line: Int?

    /// A place.
    package init(source: String, line: Int? = nil) {
        self.source = source
        self.line = line
    }

    /// `FILE:LINE`, or the flag or variable alone.
    package var description: String { line.map { "\(source):\($0)" } ?? source }
}

/// A remark about the configuration that is no fault but must not pass in silence.
package struct ConfigurationNote: Hashable, Sendable, CustomStringConvertible {
    /// What the remark is about.
    package let origin: SettingOrigin
    /// The remark.
    package let message: String

    package var description: String { "\(origin): \(message)" }
}
