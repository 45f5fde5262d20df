internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl model`.
enum ModelCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "model", summary: "shows a model of CivitAI with its versions, installed or not",
        discussion: [
            "Models of installed files are known, and those that kikod-ctl cache has fetched. Versions are in the "
                + "creator's order."
        ],
        examples: [.init("kikod-ctl model 4384", "The model of https://civitai.com/models/4384")],
        options: [maximumNSFWLevelOption],
        operands: [
            OperandSpecification(
                ValueSpecification("ID", .integer(1...Int(Int32.max)), offered: CompletionWordsCommand.models),
                help: "CivitAI's number of the model")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.model(
            id: arguments.operands.first.flatMap { Int64($0) } ?? 0,
            maximumNSFWLevel: arguments.integer(maximumNSFWLevelOption.name))
        guard !run.wantsJSON else {
            run.print(body: answer.body)
            return .done
        }
        let model = answer.value
        run.print(rows: ModelDescription(model).rows)
        if let text = model.descriptionText, !text.isEmpty {
            run.print("")
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                run.print(sentence: String(line), indent: 0)
            }
        }
        if !model.versions.isEmpty {
            run.print("")
            run.print(table(model.versions))
        }
        return .done
    }

    private static func table(_ versions: [ModelVersion]) -> TextTable {
        var table = TextTable([
            .init(title: "VERSION", isRight: true), .init(title: "NAME", isFlexible: true),
            .init(title: "BASE MODEL"), .init(title: "PUBLISHED"),
            .init(title: "TRIGGER WORDS", isFlexible: true), .init(title: "INSTALLED", isFlexible: true),
        ])
        for version in versions {
            let gone = version.goneSince == nil ? "" : ", gone"
            table.add([
                String(version.versionID), version.name, version.baseModel ?? "-",
                localDayText(version.publishedAt) + gone, version.trainedWords.joined(separator: ", "),
                version.installedPaths.first ?? "-",
            ])
            for path in version.installedPaths.dropFirst() { table.add(["", "", "", "", "", path]) }
        }
        return table
    }
}
