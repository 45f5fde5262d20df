import APIClient
import CommandLineParsing
import FoundationEssentials
import IndexAPI
import LinuxSystem
import Synchronization

@testable import ControlCommands

/// Answers requests from memory, in pieces, and remembers them.
///
/// `@unchecked Sendable`: two threads ask it at most, which take their turns at `send`; the test looks at it before and
/// after that.
final class CannedDaemon: APITransport, @unchecked Sendable {
    /// Answers by method and target; a list is used up one by one, its last stays.
    typealias Answer = (status: Int, body: String)
    var answers: [String: [Answer]] = [:]
    /// Bodies that are no text, in place of those of the answers.
    var bytes: [String: [UInt8]] = [:]
    /// Called on the thread that asks; it may wait.
    var beforeAnswer: @Sendable (APIRequest) -> Void = { _ in }
    private let turns = Mutex(())
    private(set) var requests: [APIRequest] = []
    var failure: APIClientError?
    /// Bytes a piece.
    var pieceSize = 7
    /// What the daemon says of its answers' lengths.
    var length: Int64?
    /// The connection is lost after so many bytes of an answer.
    var lostAfter: Int?

    func send(
        _ request: APIRequest, receive: (_ head: APIAnswerHead, _ bytes: [UInt8]) -> Bool
    ) throws(APIClientError) -> Int {
        beforeAnswer(request)
        let key = "\(request.method) \(request.target)"
        let next = turns.withLock { _ in
            requests.append(request)
            guard failure == nil, var list = answers[key], let answer = list.first else { return nil as Answer? }
            if list.count > 1 { list.removeFirst() }
            answers[key] = list
            return answer
        }
        if let failure { throw failure }
        guard let answer = next else { throw .malformed("no canned answer for \(key)") }
        let head = APIAnswerHead(status: answer.status, length: length)
        var rest = (bytes[key] ?? Array(answer.body.utf8))[...]
        if let lostAfter { rest = rest.prefix(lostAfter) }
        while !rest.isEmpty {
            guard receive(head, Array(rest.prefix(pieceSize))) else { throw .cancelled }
            rest = rest.dropFirst(pieceSize)
        }
        if lostAfter != nil {
            throw .unreachable(tried: [ConnectionAttempt(socket: [], errno: 104, message: "Connection reset by peer.")])
        }
        return answer.status
    }

    func answer(_ request: String, _ value: some Encodable, status: Int = 200) throws {
        answers[request, default: []].append((status, String(decoding: try WireJSON.encode(value), as: UTF8.self)))
    }

    /// The targets of the requests after `/api/v1/`.
    var targets: [String] { requests.map { "\($0.method) \($0.target.dropFirst(APIRoute.prefix.count))" } }
}

/// What a command line did.
struct Outcome {
    let code: ExitCode
    let output: String
    let errors: String
    /// Milliseconds of each sleep.
    let sleeps: [Int]
}

/// The wall clock of the tests: 2025-01-01T12:00:00Z.
let testNow: Int64 = 1_735_732_800_000_000_000

/// Runs a command line against a canned daemon.
func runCommand(
    _ arguments: [String], _ daemon: CannedDaemon, width: Int? = nil, existing: Set<String> = [],
    environment: [String: String] = ["HOME": "/home/u"], progressWidth: Int? = nil,
    onSleep: @escaping () -> Void = {}
) -> Outcome {
    let output = MemorySink(), errors = MemorySink()
    var sleeps: [Int] = []
    let context = CommandContext(
        output: output, errors: errors, width: width, progressWidth: progressWidth,
        environment: environment,
        workingDirectory: FilePath("/current"), clock: { testNow + sleeps.reduce(0) { $0 + Int64($1) * 1_000_000 } },
        exists: { existing.contains($0.description) },
        sleep: {
            sleeps.append($0)
            onSleep()
        }, makeClient: { _ in APIClient(transport: daemon) })
    let code = ControlProgram.run(arguments, context)
    return Outcome(code: code, output: output.text, errors: errors.text, sleeps: sleeps)
}

/// A file of the canned catalogue.
func sampleFile(_ id: Int64, _ path: String, sha256: String? = nil, state: String = "indexed") -> FileObject {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var file = FileObject(
        id: id, path: path, name: name, root: "/srv/models", folder: "loras", size: 151_234_567,
        modifiedAt: "2025-01-01T09:00:00.000Z", state: state)
    file.sha256 = sha256
    file.type = "lora"
    return file
}
