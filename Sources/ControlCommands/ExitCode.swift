/// How kikod-ctl ends.
package enum ExitCode: Int32, Sendable {
    case done = 0
    /// Nothing was found, or the daemon said no; a message says which.
    case nothing = 1
    case usage = 2
    /// No daemon could be reached.
    case unreachable = 3
}

/// Ends a command with a message on standard error.
struct CommandFailure: Error {
    let message: String
    var code = ExitCode.nothing
}
