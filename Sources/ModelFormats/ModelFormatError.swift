internal import JSON

/// What is wrong with a model file.
package struct ModelFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of faults that a program may treat differently.
    package enum Code: Hashable, Sendable {
        /// No byte in it.
        case empty
        /// Shorter than its header promises, so perhaps still being written; `promised` is the size it would have, or the
        /// least that it can have where the file does not tell.
        case incomplete(promised: UInt64)
        /// Not what its name says, or damaged.
        case invalid
    }

    package let code: Code
    /// A sentence for people, without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    init(_ error: JSONError) {
        let code: Code
        switch error.code {
        case .invalid: code = .invalid
        case .cutShort(let end): code = .incomplete(promised: end)
        }
        self.init(code, error.message)
    }

    static func invalid(_ message: String) -> ModelFormatError { ModelFormatError(.invalid, message) }

    /// A text from the file as part of a message: short, and without control characters.
    static func quoted(_ bytes: [UInt8]) -> String {
        let limit = 80
        let shown = String(decoding: bytes.prefix(limit), as: UTF8.self).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
        }
        return "“" + shown.joined() + (bytes.count > limit ? "…" : "") + "”"
    }
}
