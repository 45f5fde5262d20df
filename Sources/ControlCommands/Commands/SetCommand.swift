internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl set`.
enum SetCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "set", summary: "says what a file is, above everything that others say of it",
        discussion: [
            "Acts on the content, and so on all copies, and stays when the file is moved, renamed or read again. "
                + "--clear takes back what was said, so that the next best source counts again."
        ],
        examples: [
            .init("kikod-ctl set a.safetensors --type lora --base Pony", "What it is, where nothing tells it"),
            .init("kikod-ctl set a.safetensors --words \"one word,another\" --weight 0.8", "How it is best used"),
            .init("kikod-ctl set a.safetensors --clear words --clear notes", "What CivitAI says counts again"),
        ],
        options: [
            typeOption("The type of the file"), baseOption("The base model, a word of CivitAI's list, in any case"),
            OptionSpecification(
                "words", value: ValueSpecification("W,..."), help: "The words that trigger it, separated by commas"),
            OptionSpecification("notes", value: ValueSpecification("N"), help: "Anything"),
            OptionSpecification(
                "weight", value: ValueSpecification("X", .number(SetRequest.weights)),
                help: "The weight at which it is best used"),
            OptionSpecification(
                "clear", value: ValueSpecification("FIELD", .choice(["type", "base", "words", "notes", "weight"])),
                repeatable: true, help: "Take back what was said"),
        ],
        operands: [OperandSpecification(ValueSpecification("WHAT", .file), help: FileReference.help)])

    private static let command = "kikod-ctl set"

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let fields = try request(arguments)
        let what = arguments.operands.first ?? ""
        var request = fields
        request.file.id = try FileReference(what, context: run.context, command: command).identify(run)
        let answer = try run.client.set(request)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            run.print(rows: FileDescription(told: answer.value).rows)
        }
        return .done
    }

    /// What is to become of which field; no file is named in it yet.
    private static func request(_ arguments: ParsedCommand) throws -> SetRequest {
        let cleared = Set(arguments.values("clear"))
        if let twice = cleared.sorted().first(where: { arguments.value($0) != nil }) {
            throw UsageError("--\(twice) and --clear \(twice) contradict each other.", command: command)
        }
        func change<Value>(_ field: String, _ value: Value?) -> SetRequest.Change<Value> {
            if let value { return .to(value) }
            return cleared.contains(field) ? .clear : .keep
        }
        for field in ["base", "notes"] where arguments.value(field)?.allSatisfy(\.isWhitespace) == true {
            throw UsageError("--\(field) is empty; --clear \(field) takes back what was said.", command: command)
        }
        var request = SetRequest(file: FileSelection())
        request.type = change("type", arguments.value("type"))
        request.baseModel = change("base", arguments.value("base"))
        request.trainedWords = change("words", try arguments.value("words").map(words))
        request.notes = change("notes", arguments.value("notes"))
        request.preferredWeight = change("weight", arguments.number("weight"))
        guard !request.isEmpty else {
            throw UsageError("There is nothing to set or to clear.", command: command)
        }
        return request
    }

    private static func words(_ text: String) throws -> [String] {
        let words = text.split(separator: ",").map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }.filter { !$0.isEmpty }
        guard !words.isEmpty else {
            throw UsageError("--words has none; --clear words takes back what was said.", command: command)
        }
        return words
    }
}
