import Glibc
import LinuxSystem
import TestSupport

/// One run: random operations, pauses, comparisons.
final class Torture {
    let options: TortureOptions
    let playground: Playground
    let daemon: TortureDaemon
    let checksums: Checksums
    var generator: SeededGenerator
    /// Who holds which file open.
    var writers: [HeldWriter] = []
    /// Files that were begun beside a mark.
    var begun: Set<FileIdentity> = []
    /// The roots in the configuration.
    var configuredRoots: [FilePath]
    /// So many more operations come before the daemon is there again.
    var operationsWithoutDaemon = 0
    /// A comparison is wanted now, and these paths must be known as missing in it.
    var mustBeMissing: Set<FilePath> = []
    /// What was there at the last comparison, by inode.
    var lastSeen: [FilePath: UInt64] = [:]
    /// Digests of files that were complete.
    var complete: Set<String> = []
    /// What was done since the last comparison.
    var journal: [String] = []
    var comparisons = 0
    var comparedFiles = 0
    private var done = 0

    init(_ options: TortureOptions, _ playground: Playground) {
        self.options = options
        self.playground = playground
        daemon = TortureDaemon(playground)
        checksums = Checksums(workingDirectory: playground.directory)
        generator = SeededGenerator(seed: options.seed)
        configuredRoots = playground.roots
    }

    /// Runs to the end and returns the exit status.
    static func run(_ options: TortureOptions) -> Int32 {
        do {
            let directory = try makeTemporaryDirectory()
            let torture = Torture(options, Playground(directory: directory))
            show("torture: seed \(options.seed), without \(torture.omitted.isEmpty ? "nothing" : torture.omitted)")
            let isGood = torture.runOperations()
            torture.end(keepingFiles: !isGood)
            return isGood ? 0 : 1
        } catch {
            complain("torture: \(error)")
            return 1
        }
    }

    private var omitted: String {
        OperationGroup.allCases.filter { !options.groups.contains($0) }.map(\.rawValue).joined(separator: ",")
    }

    private func end(keepingFiles: Bool) {
        daemon.destroy()
        writers = []
        for point in playground.mountPoints.reversed() { _ = try? unmount(point, lazily: true) }
        if keepingFiles { complain("what was left: \(playground.directory)") } else { removeTree(playground.directory) }
    }

    private func runOperations() -> Bool {
        let began = MonotonicTime.now
        do {
            try playground.prepare()
            try playground.configure(roots: configuredRoots)
            try daemon.start()
            try daemon.waitUntilReady()
            let operations = Operation.all.filter { options.groups.contains($0.group) }
            var untilCheck = 0
            while done < options.operations, !isOver(since: began) {
                try perform(choose(operations))
                untilCheck -= 1
                if untilCheck <= 0 || !mustBeMissing.isEmpty {
                    try check(isQuiet: chance(1, in: 2))
                    untilCheck = random(1...24)
                }
            }
            try check(isQuiet: true)
            try daemon.stop(SIGTERM)
        } catch {
            report(error)
            return false
        }
        let seconds = Double(MonotonicTime.now.since(began)) / 1e9
        show(
            "torture: seed \(options.seed): \(done) operations, \(comparisons) comparisons of \(comparedFiles) files,"
                + " \(daemon.starts) starts in \(Int(seconds)) s: no difference")
        return true
    }

    private func isOver(since began: MonotonicTime) -> Bool {
        guard let seconds = options.seconds else { return false }
        return MonotonicTime.now.since(began) > Int64(seconds) * 1_000_000_000
    }

    private func perform(_ operation: Operation) throws {
        done += 1
        var outcome: String?
        do { outcome = try operation.perform(self) } catch let error as SystemError {
            // As any program would find: a directory is in the way, a name is too long, a place is on another drive.
            outcome = "refused: \(error)"
        }
        note("\(done) \(operation.name): \(outcome ?? "nothing to do it to")")
        guard operationsWithoutDaemon > 0 else { return }
        operationsWithoutDaemon -= 1
        if operationsWithoutDaemon == 0 { try bringBack() }
    }

    func bringBack() throws {
        operationsWithoutDaemon = 0
        if daemon.isStalled {
            daemon.stall(false)
            // The queue has to be empty before a writer closes: a close that is lost is waited for for a minute.
            try daemon.sync(hashed: false)
        }
        if !daemon.isRunning {
            try daemon.start()
            try daemon.waitUntilReady()
        }
        note("the daemon is back")
    }

    func note(_ line: String) {
        journal.append(line)
        if options.isVerbose { show(line) }
    }

    private func report(_ error: any Error) {
        complain(
            """
            torture: FAILED after \(done) operations with seed \(options.seed): \(error)
            what was done since the last comparison that found no difference:
            \(journal.map { "  " + $0 }.joined(separator: "\n"))
            what kikod logged at last:
            \(daemon.logTail)
            to repeat it: scripts/torture --seed \(options.seed) --operations \(done)\
            \(omitted.isEmpty ? "" : " --without \(omitted)")
            """)
    }

    // MARK: - Choosing

    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    func chance(_ part: Int, in whole: Int) -> Bool { random(1...whole) <= part }

    func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[random(0...elements.count - 1)]
    }

    private func choose(_ operations: [Operation]) -> Operation {
        var left = random(0...operations.reduce(0) { $0 + $1.weight } - 1)
        for operation in operations {
            left -= operation.weight
            if left < 0 { return operation }
        }
        return operations[operations.count - 1]
    }
}
