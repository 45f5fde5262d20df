/// A document that cannot be read: where, and what is wrong.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int
    /// What is wrong, in words that follow "FILE:LINE: ".
    package let message: String

    package var description: String { "line \(line), column \(column): \(message)" }
}
