internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl roots`.
enum RootsCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "roots", summary: "lists the roots and how they are watched",
        examples: [.init("kikod-ctl roots", "What is offline, and why?")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.roots()
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if answer.value.roots.isEmpty {
            run.note("There is no root; add one to the configuration or with kikod --root.")
        } else {
            run.print(rootsTable(answer.value.roots))
            for root in answer.value.roots {
                if let message = root.message { run.print(sentence: "\(root.path): \(message)") }
            }
        }
        return .done
    }
}

/// The roots as `roots` and `status` show them; their messages follow the table.
func rootsTable(_ roots: [RootStatus]) -> TextTable {
    var table = TextTable([
        .init(title: "ROOT", isFlexible: true), .init(title: "TYPE"), .init(title: "STATE", tint: Tint.ofState),
        .init(title: "WATCH"),
        .init(title: "FILES", isRight: true), .init(title: "DIRECTORIES", isRight: true),
        .init(title: "POLLED", isRight: true),
    ])
    for root in roots {
        table.add([
            root.path, root.type ?? "-", root.state, root.watch, String(root.files), String(root.directories),
            String(root.polledDirectories),
        ])
    }
    return table
}
