internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl search`.
enum SearchCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "search", summary: "finds files and models by words",
        discussion: [
            "Each word has to be found somewhere in the name, folder, model, trained words, tags, creator, notes or "
                + "description, also inside of longer words. What stands in double quotes is searched for as it is. "
                + "What fits best comes first: files of the index, then models of CivitAI that are known, installed or "
                + "not. The exit code is 1 when nothing fits.",
            "Without --limit at most 50 files and 50 models are listed.",
        ],
        examples: [
            .init("kikod-ctl search pixel --type lora", "LoRAs that have to do with pixels"),
            .init(
                "kikod-ctl search '\"pixel art\" style'", "The words pixel art beside each other, and style anywhere"),
        ],
        options: [
            typeOption("Only files of this type, and models of such"),
            baseOption("Only files of this base model, and models with a version for it"),
            OptionSpecification(
                maximumNSFWLevelOption.name, value: maximumNSFWLevelOption.value,
                help: "Without models above this level (1 PG, 2 PG-13, 4 R, 8 X, 16 XXX), without unrated ones, and "
                    + "without their files"),
            OptionSpecification(
                "limit", short: "n", value: ValueSpecification("N", .integer(0...Int.max)),
                help: "At most so many files and so many models; 50 without it"),
        ],
        operands: [OperandSpecification(ValueSpecification("WORDS"), .oneOrMore, help: "What to look for")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let words = arguments.operands.joined(separator: " ")
        guard words.contains(where: { !$0.isWhitespace }) else {
            throw UsageError("WORDS: there is nothing to look for.", command: "kikod-ctl search")
        }
        var query = SearchQuery(words: words)
        query.type = arguments.value("type")
        query.base = arguments.value("base")
        query.maximumNSFWLevel = arguments.integer(maximumNSFWLevelOption.name)
        query.limit = arguments.integer("limit")
        let answer = try run.client.search(query)
        let (files, models) = (answer.value.files, answer.value.models)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            if !files.isEmpty { run.print(table(files)) }
            if !files.isEmpty, !models.isEmpty { run.print("") }
            if !models.isEmpty { run.print(table(models)) }
            if files.count < answer.value.total {
                run.note("\(files.count) of \(countText(answer.value.total, "file", "files")).")
            }
        }
        guard answer.value.total == 0, models.isEmpty else { return .done }
        throw CommandFailure(message: "Nothing fits.")
    }

    private static func table(_ files: [FileObject]) -> TextTable {
        // Nearly all are indexed, which is then not worth a column.
        let tellsState = files.contains { $0.state != "indexed" }
        var table = TextTable(
            [
                .init(title: "ID", isRight: true), .init(title: "TYPE"), .init(title: "BASE MODEL"),
                .init(title: "SIZE", isRight: true),
            ] + (tellsState ? [.init(title: "STATE", tint: Tint.ofState)] : []) + [
                .init(title: "MODEL", isFlexible: true), .init(title: "PATH", isFlexible: true),
            ])
        for file in files {
            table.add(
                [String(file.id), file.type ?? "-", file.baseModel ?? "-", sizeText(file.size)]
                    + (tellsState ? [file.state] : []) + [file.civitai.modelName ?? "-", file.path])
        }
        return table
    }

    private static func table(_ models: [FoundModel]) -> TextTable {
        var table = TextTable([
            .init(title: "MODEL", isRight: true), .init(title: "NAME", isFlexible: true), .init(title: "TYPE"),
            .init(title: "CREATOR", isFlexible: true), .init(title: "BASE MODELS", isFlexible: true),
            .init(title: "INSTALLED"),
        ])
        for model in models {
            table.add([
                String(model.modelID), model.name, model.type ?? "-", model.creator ?? "-",
                model.baseModels.isEmpty ? "-" : model.baseModels.joined(separator: ", "),
                model.installed ? "yes" : "-",
            ])
        }
        return table
    }
}

/// `--type`, as every command that narrows by it has it.
func typeOption(_ help: String) -> OptionSpecification {
    OptionSpecification("type", value: ValueSpecification("T", .choice(Vocabulary.types)), help: help)
}

/// `--base`, whose words the daemon knows.
func baseOption(_ help: String) -> OptionSpecification {
    OptionSpecification("base", value: ValueSpecification("B", offered: CompletionWordsCommand.baseModels), help: help)
}
