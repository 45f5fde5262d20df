internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl list`.
enum ListCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "list", summary: "lists the files of the index",
        discussion: ["Files that are missing are listed too; --state present leaves them out."],
        examples: [
            .init("kikod-ctl list --type lora --base Pony", "The LoRAs for Pony"),
            .init("kikod-ctl --json list --state error,missing", "What is broken or gone, for a program"),
        ],
        options: [
            typeOption("Only files of this type"),
            baseOption("Only files of this base model"),
            OptionSpecification(
                "folder", value: ValueSpecification("F", offered: CompletionWordsCommand.folders),
                help: "Only files in this folder of a root and below"),
            OptionSpecification(
                "state", value: ValueSpecification("S", .choices([Vocabulary.presentState] + Vocabulary.fileStates)),
                help: "Only files in these states"),
            OptionSpecification(
                "civitai", value: ValueSpecification("S", .choice(Vocabulary.civitaiStates)),
                help: "Only files in this state at CivitAI"),
            OptionSpecification(
                "name", value: ValueSpecification("N"),
                help: "Only files with this name or stem or, with a slash, this end of a path"),
            OptionSpecification(
                "limit", short: "n", value: ValueSpecification("N", .integer(0...Int.max)), help: "At most so many"),
            OptionSpecification(
                "offset", value: ValueSpecification("N", .integer(0...Int.max)), help: "Without the first so many"),
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        var filter = FileFilter()
        filter.type = arguments.value("type")
        filter.base = arguments.value("base")
        filter.folder = arguments.value("folder")
        filter.state = arguments.value("state")
        filter.civitai = arguments.value("civitai")
        filter.name = arguments.value("name")
        filter.limit = arguments.integer("limit")
        filter.offset = arguments.integer("offset")
        let isFiltered = [filter.type, filter.base, filter.folder, filter.state, filter.civitai, filter.name].contains {
            $0 != nil
        }
        let total = try list(filter, run)
        if isFiltered, total == 0 { throw CommandFailure(message: "No file fits.") }
        return .done
    }

    /// Shows the files that fit, without ever holding the answer as a whole, and returns how many fit, if known.
    static func list(_ filter: FileFilter, _ run: CommandRun) throws -> Int? {
        guard !run.wantsJSON else {
            var last: UInt8?
            let total = try run.client.filesBody(filter) { bytes in
                last = bytes.last ?? last
                return run.context.output.write(bytes)
            }
            if last != UInt8(ascii: "\n") { run.print("") }
            return total
        }
        var table = filesTable()
        var count = 0
        let total = try run.client.eachFile(filter) { file in
            count += 1
            table.add(row(file))
            return true
        }
        if !table.isEmpty { run.print(table) }
        if count < total { run.note("\(count) of \(countText(total, "file", "files")).") }
        return total
    }
}

/// The table in which commands list files.
func filesTable() -> TextTable {
    TextTable([
        .init(title: "ID", isRight: true), .init(title: "TYPE"), .init(title: "BASE MODEL"),
        .init(title: "SIZE", isRight: true), .init(title: "STATE", tint: Tint.ofState),
        .init(title: "PATH", isFlexible: true),
    ])
}

/// A file's row in that table.
func row(_ file: FileObject) -> [String] {
    [String(file.id), file.type ?? "-", file.baseModel ?? "-", sizeText(file.size), file.state, file.path]
}
