internal import APIClient
internal import CommandLineParsing
internal import FoundationEssentials
internal import IndexAPI

/// `kikod-ctl verify`.
enum VerifyCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "verify", summary: "reads indexed files again and compares them with their hashes",
        discussion: [
            "Finds bytes that changed while size and time did not: a drive that decays, an edit in secret. Such a file"
                + " keeps its hash and is listed by errors until it is whole again, or until scan --rehash believes it.",
            "The reading has low priority and goes on in the daemon when this command is interrupted. The exit code is 1"
                + " when anything changed, or when not everything could be verified.",
        ],
        examples: [
            .init("kikod-ctl verify /mnt/old-disk", "Is what lies there still what it was?"),
            .init("kikod-ctl scan --rehash /mnt/old-disk", "Afterwards: it is right as it is now"),
        ],
        operands: [
            OperandSpecification(
                ValueSpecification("PATH", .file), .optional, help: "A file or a directory; everything without it")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let path = arguments.operands.first.map { PathParameter(run.context.absolutePath($0)) }
        let begun = try run.client.verify(VerifyRequest(path: path?.text, pathBase64: path?.base64)).value
        let rows = try waitForScans([begun.id], .verification(bytes: begun.bytes), run)
        guard let row = rows.first else { return .nothing }
        let isFine =
            row.filesDamaged == 0 && row.filesChanged == 0 && row.errors.isEmpty && row.filesHashed >= row.filesSeen
        if run.wantsJSON {
            run.print(body: try WireJSON.encode(ScanHistoryAnswer(scans: rows, total: rows.count)))
            return isFine ? .done : .nothing
        }
        if row.filesDamaged > 0 {
            for file in try run.client.errors().value.files where file.isDamaged && lies(file.path, in: row.root) {
                run.print(sentence: "Damaged: " + file.path)
            }
        }
        run.print(scansTable(rows, now: run.now))
        for error in row.errors { run.note(displayed(error)) }
        guard !isFine else { return .done }
        throw CommandFailure(message: summary(row))
    }

    private static func lies(_ path: String, in root: String?) -> Bool {
        guard let root, root != "/" else { return true }
        return path == root || path.hasPrefix(root + "/")
    }

    private static func summary(_ row: ScanRecord) -> String {
        var parts: [String] = []
        if row.filesDamaged > 0 { parts.append("damaged: \(row.filesDamaged)") }
        if row.filesChanged > 0 { parts.append("changed: \(row.filesChanged)") }
        // Every file that was read counts as hashed, whatever was found.
        if row.filesHashed < row.filesSeen { parts.append("not verified: \(row.filesSeen - row.filesHashed)") }
        guard !parts.isEmpty else {
            return "Verified: \(countText(row.filesSeen, "file", "files")), but not what is named above."
        }
        return "Of \(countText(row.filesSeen, "file", "files")) " + parts.joined(separator: ", ") + "."
    }
}
