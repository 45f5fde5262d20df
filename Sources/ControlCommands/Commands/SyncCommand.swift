internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl sync`.
enum SyncCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "sync", summary: "waits until earlier changes of the file system are in the index",
        discussion: ["The exit code is 1 when the time is over before. Roots that are offline are skipped and named."],
        examples: [
            .init("mv new.safetensors /srv/models/ && kikod-ctl sync", "Go on as soon as the file is known")
        ],
        options: [
            OptionSpecification("hashed", help: "Wait also until the files that are then pending are hashed"),
            OptionSpecification(
                "timeout", value: ValueSpecification("SECONDS", .integer(0...86_400)),
                help: "How long to wait at most; 60 without it"),
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let timeout = arguments.integer("timeout") ?? SyncRequest.standardTimeoutSeconds
        let answer = try run.client.sync(SyncRequest(hashed: arguments.flag("hashed"), timeoutSeconds: timeout))
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if answer.value.synced {
            run.print("The index is up to date.")
        }
        for root in answer.value.skipped { run.note("Offline, skipped: " + displayed(root)) }
        for path in answer.value.waiting { run.note("Not yet complete: " + displayed(path)) }
        guard answer.value.synced else {
            throw CommandFailure(message: "The index was not up to date within \(timeout) s.")
        }
        return .done
    }
}
