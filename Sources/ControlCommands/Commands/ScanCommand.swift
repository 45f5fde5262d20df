internal import APIClient
internal import CommandLineParsing
internal import FoundationEssentials
internal import IndexAPI

/// `kikod-ctl scan`.
enum ScanCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "scan", summary: "compares a directory, or every root, with the index",
        discussion: ["The daemon notices changes by itself; a scan finds what it could not notice."],
        examples: [
            .init("kikod-ctl scan /mnt/nas/loras --wait", "Go on when all is found and hashed"),
            .init("kikod-ctl scan --accept-empty /mnt/usb", "The models there were deleted on purpose"),
        ],
        options: [
            OptionSpecification("wait", help: "Wait until what was found is hashed"),
            OptionSpecification("rehash", help: "Read every file again"),
            OptionSpecification("accept-empty", help: "Believe a place that is empty where models were"),
        ],
        operands: [
            OperandSpecification(
                ValueSpecification("PATH", .directory), .optional,
                help: "A root or a directory below one; every root without it")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let path = arguments.operands.first.map { PathParameter(run.context.absolutePath($0)) }
        let answer = try run.client.scan(
            ScanRequest(
                path: path?.text, pathBase64: path?.base64, rehash: arguments.flag("rehash"),
                acceptEmpty: arguments.flag("accept-empty")))
        guard arguments.flag("wait") else {
            if run.wantsJSON {
                run.print(body: answer.body)
            } else {
                for scan in answer.value.scans { run.print(sentence: "Scan \(scan.id) of \(scan.root) has started.") }
            }
            return .done
        }
        let scans = try waitForScans(answer.value.scans.map(\.id), .pendingFiles, run)
        if run.wantsJSON {
            let body = try WireJSON.encode(ScanHistoryAnswer(scans: scans, total: scans.count))
            run.print(body: Array(body))
        } else if !scans.isEmpty {
            run.print(scansTable(scans, now: run.now))
        }
        return .done
    }
}
