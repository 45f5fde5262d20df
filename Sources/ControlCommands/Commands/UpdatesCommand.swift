internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl updates`.
enum UpdatesCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "updates", summary: "lists versions on CivitAI that are newer than what is installed",
        discussion: [
            "One row for each model and base model: the newest version for the same base model, where that is newer than "
                + "the newest one in the index; what lies on drives that are away counts as installed. kikod-ctl model "
                + "shows more of one.",
            "NOTE: early is a version that has to be paid for at present; +2 says that two other base models have a newer "
                + "version, which --all shows.",
        ],
        examples: [
            .init("kikod-ctl updates --type lora", "Of LoRAs only"),
            .init("kikod-ctl updates --all --base \"Flux.1 D\"", "What there is for a base model that is new here"),
        ],
        options: [
            typeOption("Only of models whose installed file has this type"),
            baseOption("Only versions for this base model"),
            OptionSpecification("all", help: "Also newer versions for base models of which none is installed"),
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.updates(
            type: arguments.value("type"), base: arguments.value("base"), all: arguments.flag("all"))
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if answer.value.updates.isEmpty {
            run.note("No updates.")
        } else {
            run.print(table(answer.value.updates))
        }
        return .done
    }

    private static func table(_ updates: [UpdateObject]) -> TextTable {
        var table = TextTable([
            .init(title: "MODEL", isRight: true), .init(title: "NAME", isFlexible: true),
            .init(title: "BASE MODEL", isFlexible: true), .init(title: "INSTALLED", isFlexible: true),
            .init(title: "LATEST", isFlexible: true),
            .init(title: "PUBLISHED"), .init(title: "NOTE", isFlexible: true),
        ])
        for update in updates {
            table.add([
                String(update.modelID), update.modelName, update.baseModel, update.installed.versionName,
                update.latest.versionName, localDayText(update.latest.publishedAt), note(update),
            ])
        }
        return table
    }

    private static func note(_ update: UpdateObject) -> String {
        var notes: [String] = []
        if update.earlyAccess { notes.append("early") }
        if update.otherBaseModels > 0 {
            notes.append("+\(update.otherBaseModels)")
        }
        return notes.joined(separator: ", ")
    }
}
