/// A value that must not reach a log line, an error or a debugger's print by accident.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself; name it only where it is used.
    package let value: String

    /// Wraps a secret.
    package init(_ value: String) { self.value = value }

    package var description: String { "(secret)" }

    package var debugDescription: String { "(secret)" }

    // `dump` and the default description of a struct around this one look through the mirror.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
