internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl errors`.
enum ErrorsCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "errors", summary: "lists the files with which something is wrong",
        discussion: ["Files that could not be read, were not understood, or hold a dangerous pickle."])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.errors()
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if answer.value.files.isEmpty {
            run.note("Nothing is wrong with any file.")
        } else {
            for file in answer.value.files { run.print(displayed(file.path) + ": " + displayed(reason(file))) }
        }
        return .done
    }

    private static func reason(_ file: FileObject) -> String {
        if let error = file.error {
            // An error of the system begins with its path, which the line already tells.
            let prefix = file.path + ": "
            return error.hasPrefix(prefix) ? String(error.dropFirst(prefix.count)) : error
        }
        if let dangerous = file.pickle?.dangerous, !dangerous.isEmpty {
            return "would load " + dangerous.joined(separator: ", ")
        }
        return file.state
    }
}
