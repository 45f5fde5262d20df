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

    /// Writes a sentence, in lines that fit the terminal; all but the first are indented.
    ///
    /// - Parameter state: a word of the sentence that tells a state; it gets that one's tint.
    func print(sentence: String, indent: Int = 2, state: String? = nil) {
        for line in wrapped(displayed(sentence), to: context.width, indent: indent) {
            print(state.map { line.replacing($0, with: tinted($0, Tint.ofState($0)), maxReplacements: 1) } ?? line)
        }
    }

    /// Writes a line for people to standard error.
    func note(_ line: String) { _ = context.errors.write(Array((line + "\n").utf8)) }

    /// Writes the API's body as it is, with the line end that it does not have.
    func print(body: [UInt8]) {
        _ = context.output.write(body)
        if body.last != UInt8(ascii: "\n") { _ = context.output.write([UInt8(ascii: "\n")]) }
    }

    /// Writes each row as a label and its value, the values below each other.
    ///
    /// A value that does not fit goes on below itself; one whose word is a state has that tint.
    func print(rows: [(label: String, value: String)]) {
        // A long label, as some keys of metadata are, must not push all values to the right.
        let limit = context.width.map { $0 / 3 } ?? .max
        let width = rows.map { columns(displayed($0.label)) }.filter { $0 <= limit }.max() ?? 0
        for (label, value) in rows {
            let shown = displayed(label)
            let padding = String(repeating: " ", count: max(0, width - columns(shown)) + 2)
            let room = context.width.map { max(1, $0 - width - 2) }
            var margin = tinted(shown, .secondary) + padding
            if columns(shown) > width {
                print(tinted(shown, .secondary))
                margin = String(repeating: " ", count: width + 2)
            }
            for text in wrapped(displayed(value), to: room, indent: 0) {
                print(margin + tinted(text, Tint.ofState(value)))
                margin = String(repeating: " ", count: width + 2)
            }
        }
    }

    func print(_ table: TextTable) {
        table.write(TextTable.Style(width: context.width, hasColour: context.hasColour)) { print($0) }
    }
}
