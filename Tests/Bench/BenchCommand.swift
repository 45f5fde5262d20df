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
    /// Files of the large library of the row `memory`.
    var files: Int
    /// Size of the large files of the rows `hash` and `warm`, in percent of the full one.
    var scale: Int
    /// True when a minute has to be enough.
    var isQuick: Bool
}

/// The command line of the measurements.
enum BenchCommand {
    /// A row of the table, or several of one purpose.
    private struct Row {
        let name: String
        /// True when it is part of `--quick`: hashing and start-up.
        let isQuick: Bool
        let help: String
        let measure: @Sendable (BenchOptions, FilePath) throws -> [BenchRow]
    }

    /// In the order in which they are measured and shown. Those on memory come first, since this program grows with what
    /// it uses, and a peak can only be told where it is larger.
    private static let rows = [
        Row(
            name: "memory", isQuick: true,
            help: "peak resident set of a first index of 500 tiny files and of many.",
            measure: { try MemoryBench($0, $1).rows() }),
        Row(
            name: "hash", isQuick: true,
            help:
                "a first index (kikod --once) of checkpoints in pairs (4 of 512 MiB, two workers), of one alone (1 GiB)"
                + " and of LoRAs with AutoV3 (8 of 128 MiB), with all of them in the page cache ('warm', for the figures"
                + " of the CPU) and with none of them there ('cold', for the wall clock and for what stays in the cache)."
                + " CPU is user and system time of the whole process; nothing is subtracted for kikod's own start, which"
                + " 'no files' shows. openssl, sha256sum, b3sum and Python's hashlib.file_digest are one process for all"
                + " files; dd reads them in blocks of 4 MiB, as many at a time as kikod has workers. Ratios are kikod to"
                + " the reference: more is better for bytes per second, less for times.",
            measure: { try HashBench($0, $1).rows() }),
        Row(
            name: "start", isQuick: true,
            help: "from exec to the state 'ready', with a library that is known, all in the page cache, against find(1)"
                + " printing path, size and time of every file. The state is asked for over and over; READY=1 would come"
                + " too early, since kikod answers before it has compared anything.",
            measure: { try StartBench($0, $1).rows() }),
        Row(
            name: "rate", isQuick: true,
            help: "bytes a second that are read of a huge sparse file, with hashing.max_rate of 64 MiB.",
            measure: { try RateBench($0, $1).rows() }),
        Row(
            name: "stop", isQuick: true,
            help:
                "from SIGTERM to exit while a huge sparse file is being read, alone and beside busy processes of normal"
                + " priority, at least four and one for each CPU.",
            measure: { try StopBench($0, $1).rows() }),
        Row(
            name: "warm", isQuick: true,
            help: "how much of a file that was in the page cache before a first index is there after it, and without"
                + " it after as long a time.",
            measure: { try WarmBench($0, $1).rows() }),
        Row(
            name: "lookups", isQuick: true,
            help:
                "requests, time and memory that it takes to link a library of known LoRAs, against a stand-in for CivitAI"
                + " on the loopback, with a hundred requests a second allowed; the reference is a client with two"
                + " requests a file, as most have.",
            measure: { try LookupBench($0, $1).rows() }),
        Row(
            name: "api", isQuick: false,
            help:
                "lookups by random SHA-256 and a listing of all files, of a library of LoRAs that are all different and"
                + " indexed: one after the other on one kept connection to the socket, and by wrk(1) over TCP on 16; the"
                + " 99 % are those that all but one in a hundred do not exceed. wrk runs on the same processors. The"
                + " reference is Python's sqlite3 with the same hashes and a prepared statement on the same database; it"
                + " makes no JSON and asks for nothing but the rows of files and contents.",
            measure: { try APIBench($0, $1).rows() }),
        Row(
            name: "move", isQuick: false,
            help: "from the rename of an indexed file to the answer under its new path, and the bytes read meanwhile.",
            measure: { try MoveBench($0, $1).rows() }),
        Row(
            name: "arrive", isQuick: false,
            help: "from the rename of a new file into a root to the answers by path and by hash, against openssl"
                + " computing its SHA-256.",
            measure: { try ArrivalBench($0, $1).rows() }),
    ]

    private static let specification = CommandSpecification(
        name: "scripts/bench", summary: "Measure kikod against reference tools",
        discussion: [
            "Each row is measured several times, in turns with its reference tool in the same run, in a temporary"
                + " directory (TMPDIR); the table shows medians, the smallest and the largest value, and the ratio of the"
                + " medians. Nothing else should be running."
        ] + rows.map { "\($0.name): \($0.help)" },
        examples: [
            .init("scripts/bench", "measure everything"),
            .init("scripts/bench --quick", "what concerns hashing and start-up, in a minute"),
            .init("scripts/bench start --sizes 1000", "one row"),
        ],
        options: [
            OptionSpecification(
                "quick",
                help: "A minute: --runs 3 --sizes 1000,10000 --files 5000 --scale 25, without api, move and arrive"),
            OptionSpecification(
                "runs", value: .init("N", .integer(1...1000)), help: "Measure everything so many times [5]"),
            OptionSpecification(
                "sizes", value: .init("N,...", .text),
                help: "Files of the row start, the largest also of the row api [1000,10000,100000]"),
            OptionSpecification(
                "files", value: .init("N", .integer(501...10_000_000)), help: "Files of the row memory [20000]"),
            OptionSpecification(
                "scale", value: .init("PERCENT", .integer(1...1000)),
                help: "Size of the large files of hash and warm; 100 takes 2.1 GiB of disk [100]"),
            OptionSpecification(
                "profile", help: "Show the ten hottest functions of hash in pairs as well, with perf(1)"),
        ],
        operands: [
            OperandSpecification(
                .init("ROW", .choice(rows.map(\.name) + ["all"])), .oneOrMore, help: "Rows to measure [all]")
        ])

    /// Runs the program and returns its exit status: 0, 1 when something cannot be measured, 64 for a bad command line.
    static func run(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            switch try parse(arguments) {
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

    /// Reads the command line; without a row it means all of them.
    private static func parse(_ arguments: [String]) throws(UsageError) -> ParseOutcome {
        do throws(UsageError) {
            return try specification.parse(arguments)
        } catch {
            guard let outcome = try? specification.parse(arguments + ["all"]) else { throw error }
            return outcome
        }
    }

    private static func run(_ command: ParsedCommand) -> Int32 {
        let isQuick = command.flag("quick")
        let standard = isQuick ? "1000,10000" : "1000,10000,100000"
        let sizes = (command.value("sizes") ?? standard).split(separator: ",").map { Int($0) ?? 0 }
        guard sizes.allSatisfy({ (10...10_000_000).contains($0) }) else {
            print("scripts/bench: --sizes takes numbers from 10 to 10000000")
            return 64
        }
        let options = BenchOptions(
            runs: command.integer("runs") ?? (isQuick ? 3 : 5), sizes: sizes,
            files: command.integer("files") ?? (isQuick ? 5_000 : 20_000),
            scale: command.integer("scale") ?? (isQuick ? 25 : 100),
            isQuick: isQuick)
        let isAll = command.operands.contains("all")
        var table = BenchTable()
        var isWhole = true
        for row in rows where isAll && (row.isQuick || !isQuick) || command.operands.contains(row.name) {
            do {
                table.rows += try withDirectory { try row.measure(options, $0) }
            } catch {
                // The others took their time and are worth being seen.
                table.rows.append(BenchRow(row.name, text: "not measured: \(error)", goal: "-"))
                isWhole = false
            }
        }
        print(table.text)
        guard command.flag("profile") else { return isWhole ? 0 : 1 }
        do {
            print("\n" + (try withDirectory { try HotFunctions(options, $0).text() }))
            return isWhole ? 0 : 1
        } catch {
            print("scripts/bench: \(error)")
            return 1
        }
    }

    /// Runs `body` with a new directory and removes it afterwards.
    private static func withDirectory<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
        let directory = try makeTemporaryDirectory()
        defer { removeTree(directory) }
        return try body(directory)
    }
}
