/// What is wrong with a JSON text.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of faults that a program may treat differently.
    package enum Code: Hashable, Sendable {
        /// No JSON, or more of it than may be read.
        case invalid
        /// What it is read from became shorter meanwhile; `end` is where the text should have ended.
        case cutShort(end: UInt64)
    }

    /// The kind of fault.
    package let code: Code
    /// A sentence for people, without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }

    static func invalid(_ message: String) -> JSONError { JSONError(.invalid, message) }
}
