internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl errors`.
enum ErrorsCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "errors", summary: "lists the files with which something is wrong",
        discussion: ["Files that could not be read, were not understood, or hold a dangerous pickle."],
        examples: [.init("kikod-ctl errors", "A line for each file, with the reason")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.errors()
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if answer.value.files.isEmpty {
            run.note("Nothing is wrong with any file.")
        } else {
            for file in answer.value.files {
                for reason in try reasons(file, run) { run.print(sentence: file.path + ": " + reason) }
            }
        }
        return .done
    }

    private static func reasons(_ file: FileObject, _ run: CommandRun) throws -> [String] {
        var reasons: [String] = []
        if let error = file.error {
            // An error of the system begins with its path, which the line already tells.
            let prefix = file.path + ": "
            reasons.append(error.hasPrefix(prefix) ? String(error.dropFirst(prefix.count)) : error)
        }
        if file.format == "pytorch" || file.format == "pickle" {
            // Only an answer about one file tells what is in its pickle.
            let dangerous = try run.client.file(id: file.id).value.pickle?.dangerous ?? []
            if !dangerous.isEmpty {
                reasons.append("Dangerous to load: its pickle imports \(dangerous.joined(separator: ", ")).")
            }
        }
        return reasons.isEmpty ? [file.state] : reasons
    }
}
