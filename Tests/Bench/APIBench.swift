import APIClient
import Glibc
import HTTPServer
import IndexAPI
import LinuxSystem
import TestSupport

/// How fast the API answers questions about a library that is indexed.
struct APIBench {
    /// Lookups whose times one value of the table is taken from.
    private static let lookups = 20_000

    private let options: BenchOptions
    private let place: BenchPlace
    private let port: UInt16
    private let size: Int
    private var hashes: FilePath { place.directory.appending("hashes") }

    init(_ options: BenchOptions, _ directory: FilePath) throws {
        self.options = options
        size = options.sizes.max() ?? 1000
        port = try TCPListener.port(of: TCPListener.listen(host: "127.0.0.1", port: 0))
        place = try BenchPlace(directory, settings: "http: {listen: \"127.0.0.1:\(port)\"}")
    }

    func rows() throws -> [BenchRow] {
        try ModelFiles.writeLoRAs(size, in: place.root)
        try place.index()
        let daemon = try place.startDaemon()
        try daemon.waitUntilReady(resolution: 10)
        let hashes = try writeHashes(daemon)
        var rows = try lookupRows(daemon, hashes)
        rows += try listRows(daemon)
        rows.append(try busyRow(daemon, hashes))
        try daemon.stop()
        return rows
    }

    private var title: String { "api, \(size) files" }

    /// Lets the other programs know the SHA-256 of each file, one a line.
    private func writeHashes(_ daemon: BenchDaemon) throws -> [String] {
        var hashes: [String] = []
        let total = try daemon.client.eachFile(.init()) { file in
            if let hash = file.sha256 { hashes.append(hash) }
            return true
        }
        guard total == size, Set(hashes).count == size else { throw TestFailure("\(hashes.count) files have a hash") }
        try writeFile(self.hashes, hashes.joined(separator: "\n") + "\n")
        return hashes
    }

    // MARK: - Lookups

    private func lookupRows(_ daemon: BenchDaemon, _ hashes: [String]) throws -> [BenchRow] {
        let connection = try KeptConnection(place.socket)
        var ours = LookupSamples()
        var floor = LookupSamples()
        var tool = Samples("/s")
        let load = LoadTool(place)
        // The first of each only fills the caches.
        for run in 0...options.runs {
            let times = try Self.times(connection, hashes, seed: UInt64(run)) { _ in }
            let reference = try IndexFloor(place, hashes: self.hashes, lookups: Self.lookups)
            let rate = try load?.rate(port: port, hashes: self.hashes, connections: 16, seconds: run > 0 ? 3 : 1)
            guard run > 0 else { continue }
            ours.add(times)
            if let reference { floor.add(reference) }
            if let rate { tool.add(rate) }
        }
        return [
            BenchRow(
                "\(title): lookup, median", ours.median, against: ("Python's sqlite3", floor.median), goal: "≤ 0.15 ms"),
            BenchRow("\(title): lookup, 99 %", ours.tail, against: ("Python's sqlite3", floor.tail), goal: "≤ 1 ms"),
            BenchRow(
                "\(title): lookups on one connection", ours.rate, against: ("Python's sqlite3", floor.rate),
                goal: "≥ 10000 /s"),
            load == nil
                ? BenchRow(
                    "\(title): lookups on 16 connections",
                    text: "not measured: wrk is not installed (apt-get install wrk)",
                    goal: "≥ 15000 /s")
                : BenchRow("\(title): lookups on 16 connections", tool, goal: "≥ 15000 /s"),
        ]
    }

    /// Milliseconds that each of many lookups took, one after the other; `between` is called before every thousandth.
    private static func times(
        _ connection: KeptConnection, _ hashes: [String], seed: UInt64, _ between: (Int) throws -> Void
    ) throws -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<lookups).map { number in
            if number % 1000 == 0 { try between(number) }
            let hash = hashes[Int.random(in: hashes.indices, using: &generator)]
            let began = MonotonicTime.now
            try connection.get("/api/v1/lookup?hash=\(hash)")
            return milliseconds(since: began)
        }
    }

    /// While everything is compared with the index over and over and a huge file is being hashed.
    private func busyRow(_ daemon: BenchDaemon, _ hashes: [String]) throws -> BenchRow {
        let read = try daemon.number("rchar", in: "io")
        try ModelFiles.writeSparse(place.root.appending("huge.ckpt"), gibibytes: 500)
        try daemon.wait("reading") { try daemon.number("rchar", in: "io") > read + 256 << 20 }
        let connection = try KeptConnection(place.socket)
        var samples = LookupSamples()
        for run in 1...options.runs {
            samples.add(
                try Self.times(connection, hashes, seed: UInt64(run)) { _ in _ = try daemon.client.scan(.init()) })
        }
        guard try daemon.client.status().value.files.hashing > 0 else { throw TestFailure("the huge file was hashed") }
        return BenchRow("\(title): lookup, 99 %, while scanning and hashing", samples.tail, goal: "≤ 2 ms")
    }

    // MARK: - Listing

    private func listRows(_ daemon: BenchDaemon) throws -> [BenchRow] {
        var times = Samples("ms")
        var floors = Samples("ms")
        var before = Samples("MB")
        var peaks = Samples("MB")
        for run in 0...options.runs {
            // The largest resident set from here on ("5", proc(5)).
            try writeFile(FilePath("/proc/\(daemon.process.id)/clear_refs"), "5")
            let resident = Double(try daemon.number("VmRSS", in: "status")) / 1000
            let connection = try KeptConnection(place.socket)
            let began = MonotonicTime.now
            guard try connection.bytes(of: "/api/v1/files") > size * 1000 else {
                throw TestFailure("files are missing")
            }
            let took = milliseconds(since: began)
            let peak = Double(try daemon.number("VmHWM", in: "status")) / 1000
            let floor = try IndexFloor(place, hashes: hashes, lookups: 1)
            guard run > 0 else { continue }
            times.add(took)
            before.add(resident)
            peaks.add(peak)
            if let floor { floors.add(floor.list) }
        }
        return [
            BenchRow("\(title): list", times, against: ("Python's sqlite3", floors), goal: "≤ 2000 ms"),
            BenchRow("\(title): list, peak memory", peaks, against: ("before it", before), goal: "does not grow"),
        ]
    }
}

/// What many lookups say together.
private struct LookupSamples {
    var median = Samples("ms")
    var tail = Samples("ms")
    var rate = Samples("/s")

    mutating func add(_ times: [Double]) {
        let sorted = times.sorted()
        median.add(sorted[sorted.count / 2])
        tail.add(sorted[sorted.count * 99 / 100])
        rate.add(Double(times.count) / times.reduce(0, +) * 1000)
    }

    mutating func add(_ floor: IndexFloor) {
        median.add(floor.lookupMedian)
        tail.add(floor.lookupTail)
        rate.add(floor.lookupsPerSecond)
    }
}
