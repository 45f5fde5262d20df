internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl prompts`.
enum PromptsCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "prompts", summary: "shows how the images were made that the creator shows on CivitAI",
        discussion: [
            "Those of the version that a file is, or of all versions of a model. A number of fewer than eight digits is "
                + "CivitAI's number of a model here; id:NUMBER is a file. The exit code is 1 when none is known."
        ],
        examples: [
            .init("kikod-ctl prompts a.safetensors", "How is this one used?"),
            .init("kikod-ctl prompts 4384 --max-nsfw-level 1", "Of a model, those that anybody may see"),
        ],
        options: [maximumNSFWLevelOption],
        operands: [
            OperandSpecification(
                ValueSpecification("WHAT|MODEL_ID", .file),
                help: "A model by its number, or a file: a path, a hash (eight or more hexadecimal digits) or a name; "
                    + "id:, sha256:, blake3: and ./ force one of them")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let what = arguments.operands.first ?? ""
        let level = arguments.integer(maximumNSFWLevelOption.name)
        let answer: APIAnswer<PromptsAnswer>
        if let model = civitaiNumber(what) {
            guard model > 0 else { throw UsageError("Models are numbered from 1.", command: "kikod-ctl prompts") }
            answer = try run.client.prompts(model: model, maximumNSFWLevel: level)
        } else {
            let file = try FileReference(what, context: run.context, command: "kikod-ctl prompts").identify(run)
            answer = try run.client.prompts(file: file, maximumNSFWLevel: level)
        }
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            for (index, prompt) in answer.value.prompts.enumerated() {
                if index > 0 { run.print("") }
                run.print(rows: rows(prompt))
            }
        }
        guard answer.value.prompts.isEmpty else { return .done }
        throw CommandFailure(message: "\(displayed(what)): no prompts are known.")
    }

    private static func rows(_ prompt: PromptObject) -> [(label: String, value: String)] {
        var rows = lines("Prompt", prompt.prompt) + lines("Negative", prompt.negativePrompt ?? "")
        let settings = [
            prompt.sampler, prompt.steps.map { "\(numberText($0)) steps" },
            prompt.cfgScale.map { "CFG \(numberText($0))" }, prompt.seed.map { "seed \($0)" }, prompt.size,
        ].compactMap(\.self)
        if !settings.isEmpty { rows.append(("Settings", settings.joined(separator: ", "))) }
        for resource in prompt.resources {
            let name = resource.name ?? resource.hash ?? resource.versionID.map { "version \($0)" } ?? "unknown"
            let weight = resource.weight.map { " (\(numberText($0)))" } ?? ""
            rows.append(("Uses", "\(resource.type.map { $0 + " " } ?? "")\(name)\(weight)"))
        }
        let level = prompt.nsfwLevel.flatMap { $0 > 0 ? "level \($0)" : nil } ?? "unrated"
        rows.append(("Image", "\(prompt.imageURL) (\(level))"))
        return rows
    }

    /// A text of several lines in rows, so that it can be copied.
    private static func lines(_ label: String, _ text: String) -> [(label: String, value: String)] {
        text.split(whereSeparator: \.isNewline).enumerated().map { ($0.offset == 0 ? label : "", String($0.element)) }
    }
}

/// Leaves out images by their level.
let maximumNSFWLevelOption = OptionSpecification(
    "max-nsfw-level", value: ValueSpecification("N", .integer(1...63)),
    help: "Without images above this level (1 PG, 2 PG-13, 4 R, 8 X, 16 XXX) and without unrated ones")
