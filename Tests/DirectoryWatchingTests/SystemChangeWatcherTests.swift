import LinuxSystem
import Logging
import TestSupport
import Testing

@testable import DirectoryWatching

/// What becomes of changes of mounts and clocks.
@Suite(.timeLimit(.minutes(1))) struct SystemChangeWatcherTests {
    // MARK: - Clocks

    private static let second: Int64 = 1_000_000_000
    private let start = ClockReading(monotonic: 100 * second, boot: 150 * second, wall: 2000 * second)

    /// What is told after some seconds in which the system ran, was suspended, and the wall clock was set forward.
    private func changes(
        running: Int64, suspended: Int64, set: Int64, wasCancelled: Bool = true
    ) -> [SystemChangeWatcher.Change] {
        let now = ClockReading(
            monotonic: start.monotonic + running, boot: start.boot + running + suspended,
            wall: start.wall + running + suspended + set)
        return SystemChangeWatcher.changes(from: start, to: now, wasCancelled: wasCancelled)
    }

    @Test func timeThatPassesIsNoChange() {
        #expect(changes(running: 3600 * Self.second, suspended: 0, set: 0, wasCancelled: false) == [])
        #expect(changes(running: 0, suspended: 0, set: 0, wasCancelled: false) == [])
    }

    @Test(arguments: [-400_000_000, -1, 0, 1, 1000]) func anySettingOfTheClockIsTold(seconds: Int64) {
        #expect(changes(running: Self.second, suspended: 0, set: seconds * Self.second) == [.clockSet])
    }

    @Test func settingThatTheTimerDidNotTellIsSeenAtTheNextLook() {
        #expect(changes(running: 5, suspended: 0, set: -60 * Self.second, wasCancelled: false) == [.clockSet])
        #expect(changes(running: 5, suspended: 0, set: Self.second / 2, wasCancelled: false) == [])
    }

    @Test func suspendIsTold() {
        #expect(changes(running: 5, suspended: 3600 * Self.second, set: 0) == [.resumed])
        #expect(changes(running: 5, suspended: 3600 * Self.second, set: 0, wasCancelled: false) == [.resumed])
        #expect(changes(running: 5, suspended: Self.second, set: 0, wasCancelled: false) == [])
        #expect(changes(running: 5, suspended: Self.second + 1, set: 0, wasCancelled: false) == [.resumed])
    }

    @Test func clockThatWakesUpALittleOffWasNotSet() {
        #expect(changes(running: 5, suspended: 3600 * Self.second, set: -Self.second) == [.resumed])
        #expect(changes(running: 5, suspended: 3600 * Self.second, set: 7200 * Self.second) == [.resumed, .clockSet])
    }

    @Test func readingsBeyondAllMeasureNeverTrap() {
        let odd = ClockReading(monotonic: .min, boot: .max, wall: .min)
        _ = SystemChangeWatcher.changes(from: odd, to: start, wasCancelled: true)
        _ = SystemChangeWatcher.changes(from: start, to: odd, wasCancelled: true)
        #expect(SystemChangeWatcher.changes(from: odd, to: odd, wasCancelled: false) == [])
    }

    // MARK: - The thread

    @Test func nothingIsToldWhileNothingHappens() throws {
        let watcher = try SystemChangeWatcher(logger: .silent) { if $0 != .mounts { Issue.record("told \($0)") } }
        try watcher.start()
        watcher.stop()
        watcher.stop()
    }

    @Test func watcherThatNeverBeganCanBeStopped() throws {
        try SystemChangeWatcher(logger: .silent) { Issue.record("told \($0)") }.stop()
    }

    @Test func mountTableThatCannotBeReadIsLogged() async throws {
        try await withTemporaryDirectory { directory in
            let log = MemoryHandler()
            let missing = directory.appending("mountinfo")
            let watcher = try SystemChangeWatcher(
                logger: Logger(level: .debug, handler: log), mountInfo: missing
            ) { Issue.record("told \($0)") }
            try watcher.start()
            watcher.stop()
            #expect(log.records.map(\.level) == [.warning])
            #expect(log.records.allSatisfy { $0.message.contains(missing.description) })
        }
    }

    @Test func tableThatCannotBePolledEndsInALogAndNotInALoop() async throws {
        try await withTemporaryDirectory { directory in
            // A regular file is always readable, and never exceptional: poll(2) says nothing of it.
            let plain = directory.appending("mountinfo")
            try writeFile(plain, "1 0 8:1 / / rw - ext4 a rw\n")
            let watcher = try SystemChangeWatcher(logger: .silent, mountInfo: plain) { Issue.record("told \($0)") }
            try watcher.start()
            watcher.stop()
        }
    }

    @Test(.enabled(if: PrivateMounts.isPossible, "needs root and the right to make mount namespaces"))
    func mountsAndUnmountsAreTold() async throws {
        try await withTemporaryDirectory { directory in
            let mounts = try PrivateMounts(directory: directory)
            let (changes, continuation) = AsyncStream.makeStream(of: SystemChangeWatcher.Change.self)
            let watcher = try SystemChangeWatcher(logger: .silent, mountInfo: mounts.table) { change in
                if change == .mounts { continuation.yield(change) }
            }
            func isMounted() throws -> Bool {
                MountTable(try readFile(mounts.table, limit: 1 << 20)).mount(holding: directory)?.source
                    == "kikod-test"
            }
            var iterator = changes.makeAsyncIterator()
            #expect(try !isMounted())
            // What happens before the thread begins is not lost.
            try mounts.step()
            try watcher.start()
            repeat { _ = await iterator.next() } while try !isMounted()
            try mounts.step()
            repeat { _ = await iterator.next() } while try isMounted()
            watcher.stop()
        }
    }
}
