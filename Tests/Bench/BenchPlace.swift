import APIClient
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport

/// A root, a configuration, and the kikod that is measured on them.
struct BenchPlace {
    let directory: FilePath

    var root: FilePath { directory.appending("models") }
    var socket: FilePath { directory.appending("data/kikod.sock") }
    private var configuration: FilePath { directory.appending("kikod.yaml") }

    /// Makes the directories and the configuration, which ends with the settings; CivitAI is asked nothing unless its
    /// settings say otherwise.
    init(_ directory: FilePath, civitai: String = "enabled: false", settings: String = "") throws {
        self.directory = directory
        try makeDirectory(root)
        try makeDirectory(directory.appending("home"))
        try writeFile(
            configuration,
            "roots: [\"\(root)\"]\ndata_dir: \"\(directory.appending("data"))\"\ncivitai: {\(civitai)}\n\(settings)\n"
        )
    }

    /// Starts a program.
    func start(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            ChildProcess.Launch(
                program: FilePath(program), arguments: arguments.map { Array($0.utf8) },
                environment: Programs.environment(home: directory.appending("home"), [:]),
                workingDirectory: directory, output: .file(FilePath("/dev/null")), errors: errors))
    }

    private var errors: FilePath { directory.appending("errors") }

    /// Runs a program, which has to succeed, and returns how long it took, in milliseconds.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> Double {
        let began = MonotonicTime.now
        let outcome = try start(program, arguments).wait(until: .distantFuture)
        let took = milliseconds(since: began)
        guard outcome == .exited(0) else {
            throw TestFailure("\(program): " + String(decoding: try readFile(errors, limit: 1 << 26), as: UTF8.self))
        }
        return took
    }

    /// kikod's command line, for a program that starts it.
    func kikodCommand(_ more: [String] = []) throws -> [String] {
        [try Programs.path("kikod").description, "--config", configuration.description, "--log-level", "warning"] + more
    }

    /// Indexes everything.
    func index() throws { try run("/usr/bin/env", kikodCommand(["--once"])) }

    /// Starts kikod.
    func startDaemon() throws -> BenchDaemon {
        BenchDaemon(try start("/usr/bin/env", kikodCommand()), client: APIClient(sockets: [socket.bytes]))
    }
}

/// A running kikod.
final class BenchDaemon {
    let process: ChildProcess
    let client: APIClient

    init(_ process: ChildProcess, client: APIClient) {
        self.process = process
        self.client = client
    }

    deinit { process.destroy() }

    /// Asks over and over until kikod has compared everything, at most so many milliseconds late.
    func waitUntilReady(resolution: Int = 1) throws {
        try wait("ready", resolution: resolution) {
            guard let status = try? self.client.status().value else { return false }
            return status.state == "ready" && !status.roots.isEmpty
        }
    }

    /// Asks over and over until the answer is yes.
    func wait(_ what: String, resolution: Int = 1, _ isMet: () throws -> Bool) throws {
        let deadline = MonotonicTime.now.advanced(milliseconds: 600_000)
        while try !isMet() {
            guard MonotonicTime.now < deadline, process.wait(until: .now) == nil else {
                throw TestFailure("kikod is not \(what)")
            }
            usleep(useconds_t(resolution * 1000))
        }
    }

    /// The file at a path, if it is there.
    func file(at path: FilePath) throws -> FileObject? {
        var filter = FileFilter()
        filter.path = path.description
        return try client.files(filter).value.files.first { $0.path == path.description && $0.state != "missing" }
    }

    /// Ends kikod in good order.
    func stop() throws {
        process.send(signal: SIGTERM)
        guard process.wait(until: .now.advanced(milliseconds: 10_000)) == .exited(0) else {
            throw TestFailure("kikod did not end in good order")
        }
    }

    /// The number that a line of a file in /proc/PID begins with after its name.
    func number(_ name: String, in file: String) throws -> Int {
        let text = String(decoding: try readFile(FilePath("/proc/\(process.id)/\(file)"), limit: 65_536), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        let number = line.flatMap { Int($0.dropFirst(name.count + 1).filter { $0.isNumber }) }
        guard let number else { throw TestFailure("/proc/\(process.id)/\(file) has no \(name)") }
        return number
    }
}

/// Milliseconds from a moment until now.
func milliseconds(since moment: MonotonicTime) -> Double { Double(MonotonicTime.now.since(moment)) / 1e6 }
