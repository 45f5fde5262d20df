import CommandLineParsing
import Glibc
import LinuxSystem
import TestSupport

/// What was asked for on the command line.
struct BenchOptions {
    /// How often everything is measured; the median counts.
    var runs: Int
    /// Files of the libraries of the row `start`.
    var sizes: [Int]
}

/// The command line of the measurements.
enum BenchCommand {
    /// The rows by name, in the order in which they are shown.
    private static let rows: [(name: String, measure: @Sendable (BenchOptions, FilePath) throws -> [BenchRow])] = [
        ("start", { try StartBench($0, $1).rows() }),
        ("move", { try MoveBench($0, $1).rows() }),
        ("arrive", { try ArrivalBench($0, $1).rows() }),
    ]

    private static let specification = CommandSpecification(
        name: "scripts/bench", summary: "Measure kikod against reference tools",
        discussion: [
            "Each row is measured several times, in turns with its reference tool in the same run, in a temporary"
                + " directory (TMPDIR); the table shows medians, the smallest and the largest value, and the ratio of the"
                + " medians. Nothing else should be running.",
            "start: from exec to the state 'ready', with a library that is known, all in the page cache, against find(1)"
                + " printing path, size and time of every file. The state is asked for over and over; READY=1 would come"
                + " too early, since kikod answers before it has compared anything.",
            "move: from the rename of an indexed file to the answer under its new path, and the bytes read meanwhile.",
            "arrive: from the rename of a new file into a root to the answers by path and by hash, against openssl"
                + " computing its SHA-256.",
        ],
        examples: [
            .init("scripts/bench all", "measure everything"), .init("scripts/bench start --sizes 1000", "one row"),
        ],
        options: [
            OptionSpecification(
                "runs", value: .init("N", .integer(1...1000)), help: "Measure everything so many times [5]"),
            OptionSpecification(
                "sizes", value: .init("N,...", .text), help: "Files of the row start [1000,10000,100000]"),
        ],
        operands: [
            OperandSpecification(
                .init("ROW", .choice(rows.map(\.name) + ["all"])), .oneOrMore, help: "Rows to measure")
        ])

    /// Runs the program and returns its exit status: 0, 1 when something cannot be measured, 64 for a bad command line.
    static func run(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            switch try specification.parse(arguments.isEmpty ? ["all"] : arguments) {
            case .help(let text), .version(let text):
                print(text)
                return 0
            case .run(let command): return run(command)
            }
        } catch {
            print(error)
            return 64
        }
    }

    private static func run(_ command: ParsedCommand) -> Int32 {
        let sizes = (command.value("sizes") ?? "1000,10000,100000").split(separator: ",").map { Int($0) ?? 0 }
        guard sizes.allSatisfy({ (10...10_000_000).contains($0) }) else {
            print("scripts/bench: --sizes takes numbers from 10 to 10000000")
            return 64
        }
        let options = BenchOptions(runs: command.integer("runs") ?? 5, sizes: sizes)
        do {
            var table = BenchTable()
            for row in rows where command.operands.contains("all") || command.operands.contains(row.name) {
                let directory = try makeTemporaryDirectory()
                defer { removeTree(directory) }
                table.rows += try row.measure(options, directory)
            }
            print(table.text)
            return 0
        } catch {
            print("scripts/bench: \(error)")
            return 1
        }
    }
}
