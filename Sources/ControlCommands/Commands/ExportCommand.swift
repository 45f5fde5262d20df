internal import APIClient
internal import CommandLineParsing
internal import Glibc
internal import IndexAPI
internal import LinuxSystem

/// `kikod-ctl export`.
enum ExportCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "export", summary: "writes all that is known of every file, as JSON or CSV",
        discussion: [
            "JSON is the answer of the API to GET files?details=true: an object with the list files and their number, "
                + "total.",
            "CSV is that of RFC 4180 in UTF-8, a record a file, ended by CR and LF, after one with the names of the "
                + "columns: the API's names of the values of a file object, with dots between those of objects in it, as in "
                + "hashes.AutoV2, civitai.model_id or user.notes. Numbers, true and false are as in JSON. Lists, and "
                + "objects whose keys are not fixed (metadata, top_tags, header.dtypes, trained_words, copies and so on), are "
                + "their JSON in one cell. Null, and a hash that does not apply, is an empty cell without quotes; an empty "
                + "text is one in quotes; header, part, pickle, trained_on and preview are null where all their cells are "
                + "empty. path_base64 has the bytes of a path that is not UTF-8. So every file object can be made from its "
                + "record again. Later releases may add columns at the end.",
            "FILE is replaced only when all has come: after a failure it is what it was before. The exit code is then 1.",
        ],
        examples: [
            .init("kikod-ctl export --format csv models.csv", "For a spreadsheet"),
            .init("kikod-ctl export | jq -r '.files[].civitai.page_url | values'", "For a program"),
        ],
        options: [
            OptionSpecification(
                "format", value: ValueSpecification("F", .choice(["json", "csv"])),
                help: "How to write it; json without it")
        ],
        operands: [
            OperandSpecification(
                ValueSpecification("FILE", .file), .optional, help: "Where to; standard output without it, and for -")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let isTable = arguments.value("format") == "csv"
        let name = arguments.operands.first.flatMap { $0 == "-" ? nil : $0 }
        let file = try name.map { try FileSink(run.context.absolutePath($0)) }
        if file == nil, isTable, run.wantsJSON {
            throw UsageError("--json and --format csv contradict each other.", command: "kikod-ctl export")
        }
        let export = FileExport(
            run: run, sink: file ?? run.context.output, isTerminal: file == nil && run.context.width != nil)
        guard let count = try isTable ? export.table() : export.json() else {
            // Who reads standard output has had enough.
            if let failure = file?.failure { throw CommandFailure(message: displayed("\(failure)")) }
            return .done
        }
        guard let file else { return .done }
        let mask = umask(0o022)
        _ = umask(mask)
        try file.finish(mode: 0o666 & ~mask)
        let written = WrittenFile(path: file.path.description, bytes: file.size)
        try run.print(written, "\(countText(count, "file", "files")) in \(file.path.description)")
        return .done
    }
}
