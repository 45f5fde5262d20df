import CommandLineParsing
import Glibc
import LinuxSystem
import StandInCivitAI

/// The stand-in as a program that serves until it is ended.
enum StandInProgram {
    private static let specification = CommandSpecification(
        name: "stand-in-civitai", summary: "Answer on the loopback as CivitAI does",
        discussion: [
            "Prints its base URL, and then a line for each request. It listens on 127.0.0.1 only.",
            "A fault begins with its kind: status=N, 429, 429=SECONDS, region-blocked, challenge, challenge=N,"
                + " not-found-page, redirect=URL, hang, drip=MILLISECONDS, reset, truncated, cut-short, invalid-json,"
                + " other-shape, empty, huge, huge=BYTES, gzip-garbage, content-type=TYPE. Behind it, after commas, stand"
                + " one of path=START, contains=TEXT and image, and times=N and skip=N.",
        ],
        examples: [
            .init("stand-in-civitai --models answers", "serve recorded answers"),
            .init("stand-in-civitai --fault status=503,path=/api/v1/models,times=2", "fail twice"),
        ],
        options: [
            OptionSpecification("port", value: .init("N", .integer(0...65_535)), help: "Listen on this port [0: any]"),
            OptionSpecification(
                "models", value: .init("DIR", .directory), repeatable: true,
                help: "Serve the bodies of GET /models/:id in its *.json files"),
            OptionSpecification("fault", value: .init("SPEC"), repeatable: true, help: "Let something go wrong"),
        ])

    /// Serves until the process is ended; 1 when it cannot, 64 for a bad command line.
    static func run(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            switch try specification.parse(arguments) {
            case .help(let text), .version(let text):
                printLine(text)
                return 0
            case .run(let command): return run(command)
            }
        } catch {
            printLine(to: 2, "\(error)")
            return 64
        }
    }

    private static func run(_ command: ParsedCommand) -> Int32 {
        do {
            let faults = try command.values("fault").map { try Fault(text: $0) }
            let server = try StandInCivitAI(port: UInt16(command.integer("port") ?? 0)) { request in
                let fields = ["Authorization", "User-Agent"].compactMap { request.header($0) == nil ? nil : $0 }
                let size = request.body.isEmpty ? "" : " \(request.body.count) bytes"
                printLine("\(request.number) \(request.method) \(request.target)\(size) \(fields)")
            }
            for fault in faults { server.faults.add(fault) }
            for directory in command.values("models") { try addModels(FilePath(directory), to: server) }
            printLine(server.baseURL)
            // It ends with the process.
            withExtendedLifetime(server) { _ = pause() }
            return 0
        } catch {
            printLine(to: 2, "stand-in-civitai: \(error)")
            return 1
        }
    }

    private static func addModels(_ directory: FilePath, to server: StandInCivitAI) throws {
        let opened = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        for entry in try listDirectory(opened.number, shown: directory) {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard name.hasSuffix(".json") else { continue }
            do {
                try server.add(modelJSON: try readFile(directory.appending(name), limit: 64 << 20))
            } catch {
                printLine(to: 2, "\(name) is left out: \(error)")
            }
        }
    }

    /// At once, whoever reads it; called from any thread.
    private static func printLine(to descriptor: Int32 = 1, _ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}
