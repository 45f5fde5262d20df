package import APIClient
package import LinuxSystem

/// All that a command has to do with the world, so that tests can put another one in its place.
package struct CommandContext {
    /// Standard output.
    package let output: any OutputSink
    /// Standard error.
    package let errors: any OutputSink
    /// Columns of the terminal that standard output is; nil when it is none.
    package let width: Int?
    /// Columns of the terminal that standard error is, where somebody watches a line that changes; nil when it is none.
    package let progressWidth: Int?
    /// The environment variables that kikod-ctl reads.
    package let environment: [String: String]
    /// Where relative paths begin.
    package let workingDirectory: FilePath
    /// Tells the nanoseconds since 1970.
    package let clock: () -> Int64
    /// True when something lies at the path, be it a broken link.
    package let exists: (FilePath) -> Bool
    /// Waits so many milliseconds, with all that was written shown.
    package let sleep: (Int) -> Void
    /// The client for these sockets.
    package let makeClient: @Sendable (_ sockets: [[UInt8]]) -> APIClient

    package init(
        output: any OutputSink, errors: any OutputSink, width: Int?, progressWidth: Int?, environment: [String: String],
        workingDirectory: FilePath, clock: @escaping () -> Int64, exists: @escaping (FilePath) -> Bool,
        sleep: @escaping (Int) -> Void, makeClient: @escaping @Sendable (_ sockets: [[UInt8]]) -> APIClient
    ) {
        self.output = output
        self.errors = errors
        self.width = width
        self.progressWidth = progressWidth
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.clock = clock
        self.exists = exists
        self.sleep = sleep
        self.makeClient = makeClient
    }
}

/// What a command works with.
struct CommandRun {
    let context: CommandContext
    let client: APIClient
    /// Another client of the same daemon, for another thread.
    let makeClient: @Sendable () -> APIClient
    let wantsJSON: Bool

    /// Nanoseconds since 1970, at this moment: a command may have waited.
    var now: Int64 { context.clock() }

    /// Writes a line to standard output.
    func print(_ line: String) { _ = context.output.write(Array((line + "\n").utf8)) }

    /// Writes a line for people to standard error.
    func note(_ line: String) { _ = context.errors.write(Array((line + "\n").utf8)) }

    /// Writes the API's body as it is, with the line end that it does not have.
    func print(body: [UInt8]) {
        _ = context.output.write(body)
        if body.last != UInt8(ascii: "\n") { _ = context.output.write([UInt8(ascii: "\n")]) }
    }

    /// Writes a line for each row, the values below each other.
    func print(rows: [(label: String, value: String)]) {
        let width = rows.map { columns(displayed($0.label)) }.max() ?? 0
        for (label, value) in rows {
            let shown = displayed(label)
            let padding = String(repeating: " ", count: width - columns(shown) + 2)
            print(shown + padding + displayed(value))
        }
    }

    func print(_ table: TextTable) { table.write(width: context.width) { print($0) } }
}
