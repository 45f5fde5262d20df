internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl completion-words`, which completion scripts call: words that only the daemon knows, one a line, with a tab
/// before what one means. Says nothing where there is no daemon, or a slow one.
enum CompletionWordsCommand: ControlCommand {
    static let name = "completion-words"

    /// Values that are offered so.
    static let baseModels = [name, "base-models"]
    static let folders = [name, "folders"]
    static let models = [name, "models"]

    /// Nobody waits longer for a word, in milliseconds.
    private static let patience = 1000

    static let specification = CommandSpecification(
        name: name, summary: "prints words for the completion of command lines",
        operands: [
            OperandSpecification(
                ValueSpecification("KIND", .choice(["base-models", "folders", "models"])), help: "What to complete"),
            OperandSpecification(ValueSpecification("WORD"), .anyNumber, help: "The command line so far"),
        ], isHidden: true)

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let client = client(arguments.operands.dropFirst(), run)
        var words: Set<String> = []
        // What came before the time was over is offered.
        switch arguments.operands.first {
        case "base-models":
            let counts = try? client.stats(timeoutMilliseconds: patience).value.byBaseModel
            words = Set((counts ?? [:]).keys).subtracting([Vocabulary.unknown])
        case "folders":
            _ = try? client.eachFile(FileFilter(), timeoutMilliseconds: patience) { file in
                words.insert(file.folder)
                return true
            }
        case "models":
            var filter = FileFilter()
            filter.civitai = "found"
            _ = try? client.eachFile(filter, timeoutMilliseconds: patience) { file in
                if let id = file.civitai.modelID { words.insert("\(id)\t\(file.civitai.modelName ?? "")") }
                return true
            }
        default: break
        }
        for word in words.sorted() where !word.isEmpty && !word.contains(where: \.isNewline) { run.print(word) }
        return .done
    }

    /// The daemon that the command line asks, by its --socket.
    private static func client(_ line: ArraySlice<String>, _ run: CommandRun) -> APIClient {
        // Where "=" separates words, it is one by itself.
        let words = line.filter { $0 != "=" }
        for (index, word) in words.enumerated() {
            if word == "--socket", index + 1 < words.count {
                return run.context.makeClient([pathBytes(words[index + 1])])
            }
            if word.hasPrefix("--socket=") { return run.context.makeClient([pathBytes(String(word.dropFirst(9)))]) }
        }
        return run.client
    }
}
