import Glibc
import LinuxSystem
import Logging
import Synchronization
import TestSupport
import Testing

@testable import DirectoryWatching

/// Marks, appointments, overflow, beginning and end of the reading thread.
@Suite(.timeLimit(.minutes(1))) struct DirectoryWatcherTests {
    /// Holds the reading thread in the consumer until it is opened.
    private final class Gate: Sendable {
        private let isOpen = Mutex(true)
        private let isReached = Mutex(false)
        private let condition = Condition()

        func close() { isOpen.withLock { $0 = false } }

        func open() {
            isOpen.withLock { $0 = true }
            condition.broadcast()
        }

        func pass() {
            isReached.withLock { $0 = true }
            condition.broadcast()
            condition.wait { isOpen.withLock { $0 } }
        }

        func waitUntilReached() async throws {
            try await onOwnThread("test") { [self] in _ = condition.wait { isReached.withLock { $0 } } }
        }
    }

    // MARK: - Marks

    @Test func everythingBeforeAMarkIsToldBeforeIt() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            var expected: Set<DirectoryChange> = []
            for index in 0..<200 {
                let file = fixture.root.appending("\(index).safetensors")
                try writeFile(file, "content")
                expected.insert(.file(file, .writing))
            }
            #expect(try await Set(fixture.changes()) == expected)
            #expect(try directoryNames(fixture.cookies).isEmpty)
        }
    }

    @Test func marksAreReachedInOrderEachOnce() async throws {
        try await withWatcher { fixture in
            let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
            for index in 0..<50 {
                try fixture.watcher.afterEarlierEvents(cookieDirectory: fixture.cookies) { continuation.yield(index) }
            }
            try fixture.watcher.afterEarlierEvents(cookieDirectory: fixture.cookies) { continuation.finish() }
            var reached: [Int] = []
            for await index in stream { reached.append(index) }
            #expect(reached.sorted() == Array(0..<50))
        }
    }

    @Test func markThatCannotBeMadeIsAnError() async throws {
        try await withWatcher { fixture in
            let missing = fixture.outside.appending("missing")
            #expect(throws: SystemError(.noEntry, call: "open", subject: missing.appending("cookie-1").description)) {
                try fixture.watcher.afterEarlierEvents(cookieDirectory: missing) { Issue.record("was reached") }
            }
            #expect(throws: SystemError.self) { try fixture.watcher.useCookieDirectory(missing) }
            let changes = try await fixture.changes()
            #expect(changes.isEmpty)
        }
    }

    // MARK: - Overflow

    @Test func lostEventsAreToldAndMarksReachedAllTheSame() async throws {
        let limit = try #require(
            Int(
                String(
                    decoding: try readFile(FilePath("/proc/sys/fs/inotify/max_queued_events"), limit: 64).dropLast(),
                    as: UTF8.self)))
        let gate = Gate()
        try await withWatcher(beforeConsuming: { gate.pass() }) { fixture in
            let files = ["a.safetensors", "b.safetensors"].map { fixture.root.appending($0) }
            for file in files { try writeFile(file, "content") }
            fixture.walk()
            gate.close()
            fixture.watcher.schedule("now", afterNanoseconds: 0)
            try await gate.waitUntilReached()
            // Nobody reads now. Equal events that follow each other are one to the kernel, so they alternate.
            for _ in 0...(limit / 2) { for file in files { chmodPath(file, 0o600) } }
            let lateFile = fixture.root.appending("late.safetensors")
            try writeFile(lateFile, "content")
            let (stream, reached) = AsyncStream.makeStream(of: Void.self)
            try fixture.watcher.afterEarlierEvents(cookieDirectory: fixture.cookies) { reached.finish() }
            gate.open()
            for await _ in stream {}
            let changes = try await fixture.changes()
            #expect(changes.filter { $0 == .eventsLost }.count == 1)
            #expect(!changes.contains(.file(lateFile, .writing)))
            #expect(fixture.watcher.counters.overflows == 1)
            #expect(fixture.watcher.counters.events > limit)
            // And then all goes on.
            removeFile(lateFile)
            #expect(try await fixture.changes() == [.file(lateFile, .gone)])
        }
    }

    // MARK: - Appointments

    @Test func appointmentsComeOnceAndNotWhenCancelled() async throws {
        try await withWatcher { fixture in
            fixture.watcher.schedule("moved", afterNanoseconds: 0)
            _ = await fixture.changes { $0 == .due(tag: "moved") }
            fixture.watcher.schedule("cancelled", afterNanoseconds: 3_600_000_000_000)
            fixture.watcher.schedule("moved", afterNanoseconds: 3_600_000_000_000)
            fixture.watcher.schedule("cancelled", afterNanoseconds: nil)
            fixture.watcher.schedule("moved", afterNanoseconds: 1)
            let changes = await fixture.changes { $0 == .due(tag: "moved") }
            #expect(changes == [.due(tag: "moved")])
            let later = try await fixture.changes()
            #expect(later.isEmpty)
        }
    }

    @Test func heldFileIsToldWhenItsTimeIsOver() async throws {
        try await withWatcher { fixture in
            let file = fixture.root.appending("a.safetensors")
            fixture.watcher.hold(file, nanoseconds: 3_600_000_000_000)
            let changes = try await fixture.changes()
            #expect(changes.isEmpty)
            let other = fixture.root.appending("b.safetensors")
            fixture.watcher.hold(other, nanoseconds: 1_000_000)
            #expect(await fixture.changes { $0 == .file(other, .settled) } == [.file(other, .settled)])
        }
    }

    // MARK: - Watches

    @Test func sameDirectoryAtASecondPlaceIsToldWhereItIs() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let root = try FileDescriptor.open(fixture.root, O_RDONLY | O_DIRECTORY)
            let identity = DirectoryIdentity(try root.status())
            let link = fixture.outside.appending("link")
            try makeSymbolicLink(link, to: fixture.root)
            let watcher = fixture.watcher
            #expect(
                watcher.watch(directory: root.number, path: link, identity: identity) == .knownElsewhere(fixture.root))
            #expect(watcher.watch(directory: root.number, path: fixture.root, identity: identity) == .watched)
            // What was there is no more: the new place counts.
            try renameFile(fixture.root, fixture.outside.appending("moved"))
            #expect(watcher.watch(directory: root.number, path: link, identity: identity) == .watched)
            #expect(watcher.counts(below: fixture.root) == (0, 0))
            #expect(watcher.counts(below: link) == (1, 0))
        }
    }

    @Test func fileCannotBeWatched() async throws {
        try await withWatcher { fixture in
            let path = fixture.root.appending("a")
            try writeFile(path, "content")
            let file = try FileDescriptor.open(path, O_RDONLY)
            let outcome = fixture.watcher.watch(
                directory: file.number, path: path, identity: DirectoryIdentity(try file.status()))
            #expect(
                outcome == .failed(SystemError(.notDirectory, call: "inotify_add_watch", subject: path.description)))
        }
    }

    // MARK: - Beginning and end

    @Test func pingIsAnsweredUnlessTheConsumerHangs() async throws {
        let gate = Gate()
        try await withWatcher(beforeConsuming: { gate.pass() }) { fixture in
            let watcher = fixture.watcher
            #expect(try await onOwnThread("test") { watcher.ping(milliseconds: 60_000) })
            gate.close()
            watcher.schedule("now", afterNanoseconds: 0)
            try await gate.waitUntilReached()
            #expect(!watcher.ping(milliseconds: 1))
            gate.open()
            #expect(try await onOwnThread("test") { watcher.ping(milliseconds: 60_000) })
        }
    }

    @Test func nothingIsToldAfterTheEnd() async throws {
        try await withTemporaryDirectory { directory in
            let told = Mutex(0)
            let watcher = try DirectoryWatcher(
                names: WatcherFixture.names, timing: .init(settle: 1), logger: .silent,
                consume: { _ in told.withLock { $0 += 1 } })
            #expect(!watcher.ping(milliseconds: 1))
            try watcher.start()
            #expect(try await onOwnThread("test") { watcher.ping(milliseconds: 60_000) })
            watcher.stop()
            watcher.stop()
            #expect(!watcher.ping(milliseconds: 1))
            let toldBefore = told.withLock { $0 }
            watcher.schedule("now", afterNanoseconds: 0)
            watcher.hold(directory.appending("a.safetensors"), nanoseconds: 0)
            #expect(!watcher.ping(milliseconds: 1))
            #expect(told.withLock { $0 } == toldBefore)
        }
    }

    @Test func watcherThatNeverBeganCanBeStopped() throws {
        let watcher = try DirectoryWatcher(
            names: WatcherFixture.names, timing: .init(settle: 1), logger: .silent, consume: { _ in })
        watcher.stop()
        #expect(watcher.counters == DirectoryWatcher.Counters())
    }
}
