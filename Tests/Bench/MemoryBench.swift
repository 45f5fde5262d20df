import LinuxSystem
import TestSupport

/// Whether memory grows with the number of files that wait to be hashed.
struct MemoryBench {
    private let options: BenchOptions
    private let directory: FilePath

    init(_ options: BenchOptions, _ directory: FilePath) {
        self.options = options
        self.directory = directory
    }

    func rows() throws -> [BenchRow] {
        let few = 500
        let small = try firstIndexes(of: few)
        let large = try firstIndexes(of: options.files)
        let goal = options.files <= 10_000 ? "≤ 32 MB" : "≤ 50 MB"
        return [
            BenchRow(peakOf: small, "memory: first index of \(few) files", goal: "≤ 32 MB"),
            BenchRow(peakOf: large, "memory: first index of \(options.files) files", goal: goal),
            BenchRow(
                "memory: \(options.files) files against \(few)", peaks(large), against: ("\(few)", peaks(small)),
                goal: "does not grow with the queue"),
        ]
    }

    private func peaks(_ runs: [ProcessUsage]) -> Samples { Samples("MB", runs.map { Double($0.peakBytes) / 1e6 }) }

    private func firstIndexes(of count: Int) throws -> [ProcessUsage] {
        let place = try BenchPlace(directory.appending("memory-\(count)"))
        defer { removeTree(place.directory) }
        try ModelFiles.writeTiny(count, in: place.root)
        return try (0..<options.runs).map { _ in try place.firstIndex() }
    }
}
