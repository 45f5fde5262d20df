import APIClient
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport

/// A start with a library that is known already.
struct StartBench {
    private let options: BenchOptions
    private let directory: FilePath

    init(_ options: BenchOptions, _ directory: FilePath) {
        self.options = options
        self.directory = directory
    }

    func rows() throws -> [BenchRow] {
        var rows = try options.sizes.flatMap { try sizedRows($0) }
        let strace = FilePath("/usr/bin/strace")
        if (try? FileStatus.of(strace)) != nil {
            rows.append(try countOpened(strace))
        } else {
            print("no strace(1) here: model files that the start opens are not counted")
        }
        return rows
    }

    private func sizedRows(_ size: Int) throws -> [BenchRow] {
        let place = try library(size: size)
        defer { removeTree(place.directory) }
        var starts = Samples("ms")
        var finds = Samples("ms")
        var memory = Samples("MB")
        // The first of each only fills the caches.
        for run in 0...options.runs {
            let find = try place.run("/usr/bin/find", [place.root.description, "-printf", "%p %s %T@\\n"])
            let began = MonotonicTime.now
            let daemon = try place.startDaemon()
            try daemon.waitUntilReady(resolution: size > 20_000 ? 5 : 1)
            let start = milliseconds(since: began)
            let peak = Double(try daemon.number("VmHWM", in: "status")) / 1000
            guard try daemon.client.status().value.files.indexed == size else { throw TestFailure("files are missing") }
            try daemon.stop()
            guard run > 0 else { continue }
            finds.add(find)
            starts.add(start)
            memory.add(peak)
        }
        return [
            BenchRow("start, \(size) files", starts, against: ("find", finds), goal: "≤ 1.2 ×"),
            BenchRow("start, \(size) files: memory", memory, goal: size <= 10_000 ? "≤ 32 MB" : "≤ 50 MB"),
        ]
    }

    /// Counts the model files that a start opens, with strace(1).
    private func countOpened(_ strace: FilePath) throws -> BenchRow {
        let size = 1000
        let place = try library(size: size)
        let trace = place.directory.appending("trace")
        let process = try place.start(
            strace.description,
            ["-f", "-e", "trace=open,openat,openat2", "-o", trace.description] + place.kikodCommand())
        let daemon = BenchDaemon(process, client: APIClient(sockets: [place.socket.bytes]))
        try daemon.waitUntilReady(resolution: 10)
        kill(try daemon.client.status().value.pid, SIGTERM)
        guard process.wait(until: .now.advanced(milliseconds: 10_000)) != nil else {
            throw TestFailure("strace did not end")
        }
        let lines = String(decoding: try readFile(trace, limit: 1 << 28), as: UTF8.self).split(separator: "\n")
        let directories = lines.count { $0.contains("\"d") && $0.contains("O_DIRECTORY") }
        guard directories >= size / 10 else { throw TestFailure("strace has not seen the walk") }
        let opened = lines.count { $0.contains(".safetensors\"") }
        return BenchRow(
            "start, \(size) files: model files opened", text: "\(opened) of \(size)",
            reference: "strace: \(directories) directories opened", goal: "0")
    }

    /// A library of tiny files, indexed.
    private func library(size: Int) throws -> BenchPlace {
        let place = try BenchPlace(directory.appending("start-\(size)"))
        try ModelFiles.writeTiny(size, in: place.root)
        try place.index()
        return place
    }
}
