import LinuxSystem
import TestSupport

/// Where the cycles of a first index go, as perf(1) sees it.
struct HotFunctions {
    private let options: BenchOptions
    private let directory: FilePath

    init(_ options: BenchOptions, _ directory: FilePath) {
        self.options = options
        self.directory = directory
    }

    /// The ten hottest functions of the first index of checkpoints in pairs, or why there are none.
    func text() throws -> String {
        guard let perf = HashTool.program("perf") else { return "no profile: perf(1) is not installed" }
        let library = HashLibrary.all(scale: options.scale)[0]
        let place = try library.make(in: directory)
        defer { removeTree(place.directory) }
        _ = try CachedFiles(paths: try directoryNames(place.root).map { place.root.appending($0) }).fill()
        let record = place.directory.appending("perf.data").description
        let report = place.directory.appending("report")
        let environment = Programs.environment(home: place.directory.appending("home"), [:])
        do {
            let command =
                [perf, "record", "-g", "-F", "1999", "-o", record, "--"] + (try place.kikodCommand(["--once"]))
            _ = try MeasuredProcess.run(command, environment: environment)
            let show = [
                perf, "report", "--stdio", "--no-children", "-g", "none", "-F", "overhead,dso,symbol", "-t", ";",
                "-i", record,
            ]
            _ = try MeasuredProcess.run(show, environment: environment, output: report)
        } catch let error as TestFailure {
            let reason = error.description.split(separator: "\n").dropFirst().first ?? "it said nothing"
            return "no profile: perf(1) failed: \(reason)"
        }
        let lines = Self.shares(String(decoding: try readFile(report, limit: 1 << 26), as: UTF8.self))
            .sorted { $0.value > $1.value }.prefix(10).map { "\(shown($0.value)) %  \($0.key)" }
        return (["hash, \(library.name), warm: where the cycles go"] + lines).joined(separator: "\n")
    }

    /// The share of each function, in percent; places without a symbol count together by their library.
    private static func shares(_ report: String) -> [String: Double] {
        var shares: [String: Double] = [:]
        for line in report.split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: ";", maxSplits: 2).map { field in
                String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            guard fields.count == 3, let share = Double(fields[0].filter { $0 != "%" }) else { continue }
            let isNamed = !fields[2].contains("] 0x")
            shares["\(fields[1])  \(isNamed ? fields[2] : "without a symbol")", default: 0] += share
        }
        return shares
    }
}
