import LinuxSystem
import TestSupport

/// A first index of large files, against tools that compute one digest, and against reading alone.
struct HashBench {
    private let options: BenchOptions
    private let directory: FilePath

    init(_ options: BenchOptions, _ directory: FilePath) {
        self.options = options
        self.directory = directory
    }

    func rows() throws -> [BenchRow] {
        var rows = try emptyRows()
        for library in HashLibrary.all(scale: options.scale) {
            do {
                let place = try library.make(in: directory)
                defer { removeTree(place.directory) }
                rows += try HashMeasurement(library, place, options).rows()
            } catch let error as TestFailure {
                rows.append(BenchRow("hash, \(library.name)", text: "not measured: \(error)", goal: "-"))
            }
        }
        return rows
    }

    /// What every figure below contains.
    private func emptyRows() throws -> [BenchRow] {
        let place = try BenchPlace(directory.appending("hash-empty"))
        defer { removeTree(place.directory) }
        let runs = try (0..<options.runs).map { _ in try place.firstIndex() }
        return [
            BenchRow("hash, no files: wall", Samples("ms", runs.map { $0.wallSeconds * 1000 }), goal: "-"),
            BenchRow("hash, no files: CPU", Samples("ms", runs.map { $0.processorSeconds * 1000 }), goal: "-"),
            BenchRow(peakOf: runs, "hash, no files: peak memory", goal: "-"),
        ]
    }
}

extension BenchPlace {
    /// Indexes everything from nothing.
    func firstIndex() throws -> ProcessUsage {
        removeTree(directory.appending("data"))
        return try measuredIndex()
    }

    /// Indexes what is new or has changed, and asks what may be asked.
    func measuredIndex() throws -> ProcessUsage {
        try MeasuredProcess.run(
            try kikodCommand(["--once"]), environment: Programs.environment(home: directory.appending("home"), [:]))
    }
}

extension BenchRow {
    /// The peak memory of several runs.
    init(peakOf runs: [ProcessUsage], _ what: String, goal: String) {
        // No smaller peak can be told from the size of this program.
        let isHidden = runs.contains { $0.peakBytes <= $0.peakFloor }
        let text = Samples("MB", runs.map { Double($0.peakBytes) / 1e6 }).text
        self.init(what, text: (isHidden ? "at most " : "") + text, goal: goal)
    }
}
