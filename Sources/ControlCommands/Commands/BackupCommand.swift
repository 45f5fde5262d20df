internal import APIClient
internal import CommandLineParsing
internal import IndexAPI
internal import LinuxSystem

/// `kikod-ctl backup`.
enum BackupCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "backup", summary: "writes a copy of the index to a file",
        discussion: [
            "The copy is the database as it is at one moment, complete and compact, whatever goes on meanwhile. Only its "
                + "owner may read it. FILE is replaced only when all has come: after a failure it is what it was before. The "
                + "exit code is then 1.",
            "The daemon takes the copy as its models.db, in an empty data directory.",
        ],
        examples: [.init("kikod-ctl backup ~/kikod.backup", "What CivitAI said and what you noted, safe")],
        operands: [OperandSpecification(ValueSpecification("FILE", .file), help: "Where to")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let file = try FileSink(run.context.absolutePath(arguments.operands.first ?? ""))
        let progress = TransferProgress(run: run, unit: .bytes)
        defer { progress.clear() }
        var head = DatabaseHead()
        var length: Int64?
        let end: Void? = try run.completeAnswer { hasBegun in
            try run.client.backup { total, bytes in
                hasBegun = true
                length = total
                head.take(bytes)
                progress.update(done: file.size, of: total ?? 0)
                return file.write(bytes)
            }
        }
        if end == nil, let failure = file.failure { throw CommandFailure(message: displayed("\(failure)")) }
        if let length, length != file.size {
            throw CommandFailure(message: "The backup ended after \(file.size) of \(length) bytes.")
        }
        if let problem = head.problem(size: file.size) { throw CommandFailure(message: problem) }
        try file.finish(mode: 0o600)
        progress.clear()
        try run.print(
            WrittenFile(path: file.path.description, bytes: file.size),
            "The index is copied to \(file.path.description)")
        return .done
    }
}
