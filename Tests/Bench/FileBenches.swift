import APIClient
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport

/// Size of the files that move and arrive, in bytes.
private let fileSize = 64 << 20

/// The rename of a file that is indexed.
struct MoveBench {
    private let options: BenchOptions
    private let place: BenchPlace

    init(_ options: BenchOptions, _ directory: FilePath) throws {
        self.options = options
        place = try BenchPlace(directory)
    }

    func rows() throws -> [BenchRow] {
        var old = place.root.appending("a/0.safetensors")
        for name in ["a", "b"] { try makeDirectory(place.root.appending(name)) }
        try ModelFiles.writeRandom(old, size: fileSize, seed: 1)
        try place.index()
        let daemon = try place.startDaemon()
        try daemon.waitUntilReady()
        let digest = try daemon.file(at: old)?.sha256
        var times = Samples("ms")
        var bytes = Samples("KB")
        for run in 1...options.runs {
            let new = place.root.appending("\(run % 2 == 0 ? "a" : "b")/\(run).safetensors")
            let readBefore = try daemon.number("rchar", in: "io")
            let began = MonotonicTime.now
            try renameFile(old, new)
            try daemon.wait("there") { try daemon.file(at: new)?.sha256 == digest }
            times.add(milliseconds(since: began))
            _ = try daemon.client.sync(SyncRequest(hashed: true))
            bytes.add(Double(try daemon.number("rchar", in: "io") - readBefore) / 1000)
            old = new
        }
        try daemon.stop()
        return [
            BenchRow("move: answered with its digest", times, goal: "≤ 100 ms"),
            BenchRow("move: read in all, of a file of \(fileSize / 1000) KB", bytes, goal: "none of the file"),
        ]
    }
}

/// A new file that is moved into a root.
struct ArrivalBench {
    private let options: BenchOptions
    private let place: BenchPlace

    init(_ options: BenchOptions, _ directory: FilePath) throws {
        self.options = options
        place = try BenchPlace(directory)
    }

    func rows() throws -> [BenchRow] {
        let daemon = try place.startDaemon()
        try daemon.waitUntilReady()
        var paths = Samples("ms")
        var hashes = Samples("ms")
        var references = Samples("ms")
        for run in 1...options.runs {
            let away = place.directory.appending("new")
            try ModelFiles.writeRandom(away, size: fileSize, seed: UInt64(run), age: 0)
            references.add(try place.run("/usr/bin/openssl", ["dgst", "-sha256", away.description]))
            let new = place.root.appending("\(run).safetensors")
            let began = MonotonicTime.now
            try renameFile(away, new)
            try daemon.wait("there") { try daemon.file(at: new) != nil }
            paths.add(milliseconds(since: began))
            try daemon.wait("hashed") { try daemon.file(at: new)?.sha256 != nil }
            hashes.add(milliseconds(since: began))
        }
        try daemon.stop()
        return [
            BenchRow("arrive: answered by path", paths, goal: "≤ 100 ms"),
            BenchRow(
                "arrive: answered by hash, \(fileSize >> 20) MiB", hashes, against: ("openssl dgst", references),
                goal: "≤ 100 ms + reading"),
        ]
    }
}
