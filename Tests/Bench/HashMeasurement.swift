import APIClient
import IndexAPI
import LinuxSystem
import TestSupport

/// One library, measured with its files in the page cache and with them out of it.
struct HashMeasurement {
    private let library: HashLibrary
    private let place: BenchPlace
    private let options: BenchOptions
    private let files: CachedFiles
    private let hashers = [HashTool.openssl, .sha256sum, .b3sum, .python]
    private let reading: HashTool
    private let workers: Int

    /// The runs of all tools, in turns.
    private struct Runs {
        var kikod: [ProcessUsage] = []
        /// By the name of the tool.
        var tools: [String: [ProcessUsage]] = [:]
        /// Shares of the files in the page cache after kikod, and after plain reading, 0 to 1.
        var leftByKikod: [Double] = []
        var leftByReading: [Double] = []
    }

    init(_ library: HashLibrary, _ place: BenchPlace, _ options: BenchOptions) throws {
        self.library = library
        self.place = place
        self.options = options
        files = CachedFiles(paths: try directoryNames(place.root).map { place.root.appending($0) })
        let daemon = try place.startDaemon()
        try daemon.waitUntilReady()
        workers = try daemon.client.status().value.hashing.workers
        try daemon.stop()
        reading = .plainReading(threads: max(1, workers))
    }

    func rows() throws -> [BenchRow] {
        // In the cache it is the processor that is measured, out of it the way from the disk.
        let warm = try measure(hashers + [reading], before: { try files.fill() })
        let readers = (options.isQuick ? [] : hashers) + [reading]
        let cold = try measure(readers, before: { try files.drop() < 0.01 })
        var rows: [BenchRow] = []
        if let warm {
            rows += warmRows(warm)
        } else {
            rows.append(absence("warm", "the files do not stay in the page cache"))
        }
        if let cold {
            rows += coldRows(cold, readers)
        } else {
            rows.append(absence("cold", "this file system does not take the files out of the page cache"))
        }
        return rows
    }

    /// Lets kikod and the tools take turns; nil when the page cache cannot be brought to the state asked for.
    private func measure(_ tools: [HashTool], before prepare: () throws -> Bool) throws -> Runs? {
        var runs = Runs()
        for _ in 0..<options.runs {
            guard try prepare() else { return nil }
            runs.kikod.append(try place.firstIndex())
            runs.leftByKikod.append(try files.share())
            for tool in tools {
                guard try prepare() else { return nil }
                guard let usage = try tool.run(files.paths) else { continue }
                runs.tools[tool.name, default: []].append(usage)
                if tool.name == reading.name { runs.leftByReading.append(try files.share()) }
            }
        }
        return runs
    }

    // MARK: - Rows

    private func warmRows(_ runs: Runs) -> [BenchRow] {
        hashers.map { tool in
            row("warm: per CPU-second", runs, tool, goal: tool.name == "openssl" ? "≥ \(library.goal) ×" : "-") {
                Samples("GB", $0.map { gigabytes / $0.processorSeconds })
            }
        } + [
            row("warm: CPU per GB", runs, .openssl) { Samples("s", $0.map { $0.processorSeconds / gigabytes }) },
            row("warm: wall", runs, reading) { Samples("GB/s", $0.map { gigabytes / $0.wallSeconds }) },
            BenchRow(peakOf: runs.kikod, title("warm: peak memory"), goal: "≤ 60 MB"),
        ]
    }

    private func coldRows(_ runs: Runs, _ readers: [HashTool]) -> [BenchRow] {
        let busy = Samples("CPUs", runs.kikod.map { $0.processorSeconds / $0.wallSeconds })
        return [
            row("cold: wall", runs, reading, goal: "≤ 1.1 × or CPU-bound") {
                Samples("ms", $0.map { $0.wallSeconds * 1000 })
            },
            BenchRow(title("cold: CPUs busy"), text: busy.text + ", \(workers) workers", goal: "-"),
        ]
            + readers.map { tool in
                row("cold: rate", runs, tool) { Samples("GB/s", $0.map { gigabytes / $0.wallSeconds }) }
            } + [
                BenchRow(
                    title("cold: left in the page cache"), Samples("%", runs.leftByKikod.map { $0 * 100 }),
                    against: ("dd", Samples("%", runs.leftByReading.map { $0 * 100 })), goal: "≤ 10 %"),
                BenchRow(peakOf: runs.kikod, title("cold: peak memory"), goal: "≤ 60 MB"),
            ]
    }

    private var gigabytes: Double { Double(library.bytes) / 1e9 }

    private func title(_ what: String) -> String { "hash, \(library.name), \(what)" }

    private func row(
        _ what: String, _ runs: Runs, _ tool: HashTool, goal: String = "-", _ samples: ([ProcessUsage]) -> Samples
    ) -> BenchRow {
        guard let reference = runs.tools[tool.name] else {
            return BenchRow(
                title(what), text: samples(runs.kikod).text, reference: "\(tool.name): \(tool.absence)", goal: goal)
        }
        return BenchRow(title(what), samples(runs.kikod), against: (tool.name, samples(reference)), goal: goal)
    }

    private func absence(_ state: String, _ reason: String) -> BenchRow {
        BenchRow(title(state), text: "not measured: " + reason, goal: "-")
    }
}
