internal import APIClient
internal import CommandLineParsing
internal import IndexAPI
internal import LinuxSystem
internal import Synchronization

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
        let request = SyncRequest(hashed: arguments.flag("hashed"), timeoutSeconds: timeout)
        let answer = try showingProgress(of: request, run)
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

    /// The answer, for which one request waits on a thread of its own while this one shows how far the hashing is.
    private static func showingProgress(
        of request: SyncRequest, _ run: CommandRun
    ) throws -> APIAnswer<SyncAnswer> {
        guard request.hashed, run.context.progressWidth != nil else { return try run.client.sync(request) }
        let answer = SyncOutcome()
        let makeClient = run.makeClient
        let thread = try? SystemThread(name: "sync") {
            answer.set(Result { () throws(APIClientError) in try makeClient().sync(request) })
        }
        guard thread != nil else { return try run.client.sync(request) }
        let progress = ProgressLine(run: run, work: .pendingFiles)
        defer { progress.clear() }
        while true {
            // The line comes only where there is something to wait for.
            run.context.sleep(pollInterval)
            if let result = answer.result { return try result.get() }
            progress.update()
        }
    }

    /// Between two looks at whether the answer is there, in milliseconds.
    private static let pollInterval = 100
}

/// An answer from another thread.
private final class SyncOutcome: Sendable {
    private let stored = Mutex<Result<APIAnswer<SyncAnswer>, APIClientError>?>(nil)

    var result: Result<APIAnswer<SyncAnswer>, APIClientError>? { stored.withLock { $0 } }

    func set(_ result: Result<APIAnswer<SyncAnswer>, APIClientError>) { stored.withLock { $0 = result } }
}
