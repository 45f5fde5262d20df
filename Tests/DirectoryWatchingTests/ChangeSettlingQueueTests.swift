import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// Holds, listings, appointments, order and bounds of the reports.
@Suite struct ChangeSettlingQueueTests {
    private let directory = FilePath("/m")
    private let file = FilePath("/m/a.safetensors")
    private let other = FilePath("/m/b.safetensors")

    // MARK: - Holds

    @Test func heldFileIsSettledAtItsMoment() {
        var settling = makeSettling()
        settling.hold(file, until: moment(700))
        #expect(!settling.isBeingWritten(file))
        #expect(settling.drain() == [.init(700, file, .settled)])
    }

    @Test func laterHoldWinsOverAnEarlierOne() {
        var settling = makeSettling()
        settling.hold(file, until: moment(700))
        settling.hold(file, until: moment(900))
        settling.hold(file, until: moment(800))
        #expect(settling.drain() == [.init(900, file, .settled)])
    }

    @Test func eventsMoveAHold() {
        var settling = makeSettling()
        settling.hold(file, until: moment(700))
        settling.record(.modified, path: file, at: moment(100))
        settling.record(.closedAfterWriting, path: file, at: moment(200))
        #expect(settling.drain() == [.init(120, file, .writing), .init(2200, file, .settled)])
    }

    // MARK: - Listings and appointments

    @Test func listingIsDueAtOnceAndOnlyOnce() {
        var settling = makeSettling()
        settling.list(directory, recursive: false, at: moment(0))
        settling.list(directory, recursive: true, at: moment(5))
        settling.list(directory, recursive: false, at: moment(6))
        #expect(settling.takeDue(at: moment(6)) == [.directory(directory, recursive: true)])
        #expect(settling.nextDue == nil)
    }

    @Test func appointmentIsKeptOnceAndTheLastWordCounts() {
        var settling = makeSettling()
        settling.schedule("scan", at: moment(100))
        settling.schedule("scan", at: moment(300))
        settling.schedule("poll", at: moment(200))
        settling.schedule("retry", at: moment(50))
        settling.schedule("retry", at: nil)
        #expect(settling.drain() == [.init(200, .due(tag: "poll")), .init(300, .due(tag: "scan"))])
    }

    @Test func nextDueIsTheEarliestOfAll() {
        var settling = makeSettling()
        #expect(settling.nextDue == nil)
        settling.schedule("scan", at: moment(5000))
        #expect(settling.nextDue == moment(5000))
        settling.hold(file, until: moment(4000))
        #expect(settling.nextDue == moment(4000))
        settling.record(.deleted, path: other, at: moment(0))
        #expect(settling.nextDue == moment(50))
        settling.record(.attributes, path: FilePath("/n/c.safetensors"), at: moment(0))
        #expect(settling.nextDue == moment(20))
        settling.list(FilePath("/k"), recursive: false, at: moment(1))
        #expect(settling.nextDue == moment(1))
        #expect(settling.takeDue(at: moment(5000)).count == 5)
        #expect(settling.nextDue == nil)
    }

    // MARK: - Order

    @Test func whatCameIsToldBeforeWhatWent() {
        var settling = makeSettling()
        for index in 0..<20 {
            settling.record(.deleted, path: FilePath("/gone/\(index)"), at: moment(0))
            settling.record(.attributes, path: FilePath("/here/\(index)"), at: moment(0))
        }
        settling.list(directory, recursive: false, at: moment(0))
        settling.schedule("scan", at: moment(0))
        let isGone = settling.takeDue(at: moment(50)).map { change in
            if case .file(_, .gone) = change { true } else { false }
        }
        #expect(isGone == [Bool](repeating: false, count: 22) + [Bool](repeating: true, count: 20))
    }

    @Test func bringingForwardMovesReportsAndNotWriters() {
        var settling = makeSettling()
        settling.record(.deleted, path: file, at: moment(0))
        settling.record(.modified, path: other, at: moment(0))
        settling.hold(FilePath("/m/c.safetensors"), until: moment(100))
        fill(&settling, directory: FilePath("/busy"), count: ChangeSettling.fileLimit + 1, at: moment(0))
        settling.schedule("scan", at: moment(90_000))
        settling.bringForward(to: moment(1))
        let expected: Set<DirectoryChange> = [
            .file(other, .writing), .directory(FilePath("/busy"), recursive: false), .file(file, .gone),
        ]
        let due = settling.takeDue(at: moment(1))
        #expect(Set(due) == expected)
        #expect(due.count == expected.count)
        #expect(settling.nextDue == moment(100))
    }

    @Test func whoAsksIsToldOfWhatWasWrittenToACompanionSoFar() {
        var settling = makeSettling()
        for (path, isCompanion) in [(file, false), (other, true)] {
            settling.record(.modified, path: path, isCompanion: isCompanion, at: moment(0))
        }
        #expect(Set(settling.takeDue(at: moment(20))) == [.file(file, .writing), .file(other, .writing)])
        settling.bringForward(to: moment(30))
        #expect(settling.takeDue(at: moment(30)) == [])
        for event in [ChangeSettling.Event.modified, .closedAfterWriting] {
            for (path, isCompanion) in [(file, false), (other, true)] {
                settling.record(event, path: path, isCompanion: isCompanion, at: moment(40))
            }
            settling.bringForward(to: moment(50))
            #expect(settling.takeDue(at: moment(50)) == [.file(other, .writing)])
        }
        // It is told once more when it has settled.
        #expect(Set(settling.takeDue(at: moment(2040))) == [.file(file, .settled), .file(other, .settled)])
        settling.bringForward(to: moment(2050))
        #expect(settling.takeDue(at: moment(2050)) == [])
    }

    @Test func bringingForwardNeverDelays() {
        var settling = makeSettling()
        settling.list(directory, recursive: false, at: moment(0))
        settling.record(.movedIn(cookie: 1), path: file, at: moment(0))
        settling.bringForward(to: moment(10))
        #expect(settling.nextDue == moment(0))
    }

    // MARK: - Bounds

    @Test func directoryAtTheLimitStillNamesItsFiles() {
        var settling = makeSettling()
        fill(&settling, directory: directory, count: ChangeSettling.fileLimit, at: moment(0))
        #expect(settling.takeDue(at: moment(20)).count == ChangeSettling.fileLimit)
    }

    @Test func busyDirectoryIsReportedAsAWhole() {
        var settling = makeSettling()
        fill(&settling, directory: directory, count: ChangeSettling.fileLimit + 1, at: moment(0))
        #expect(settling.fileCount == 0)
        #expect(settling.drain() == [.init(500, .directory(directory, recursive: false))])
    }

    @Test func busyDirectoryIsListedWithinItsTimeHoweverLongTheBurstIs() {
        var settling = makeSettling()
        for burst in Int64(0)..<10 {
            fill(&settling, directory: directory, count: ChangeSettling.fileLimit + 1, at: moment(burst * 100))
        }
        #expect(settling.nextDue == moment(500))
    }

    @Test func openWritersSurviveTheBurstAroundThem() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        fill(&settling, directory: directory, count: ChangeSettling.fileLimit, at: moment(0))
        #expect(settling.fileCount == 1)
        #expect(settling.isBeingWritten(file))
        #expect(settling.drain().last == .init(60_000, file, .settled))
    }

    @Test func directoryFullOfOpenWritersStaysBounded() {
        var settling = makeSettling()
        for index in 0..<10_000 {
            settling.record(.modified, path: directory.appending("\(index)"), at: moment(0))
            #expect(settling.fileCount <= ChangeSettling.fileLimit)
        }
    }

    @Test func heldFilesOfOneDirectoryStayBounded() {
        var settling = makeSettling()
        for index in 0..<10_000 { settling.hold(directory.appending("\(index)"), until: moment(2000)) }
        #expect(settling.fileCount <= ChangeSettling.fileLimit)
        // Those that are not followed one by one are found by a listing, at the time they would have settled.
        let changes = settling.drain()
        let hasListing = changes.contains(.init(2000, .directory(directory, recursive: false)))
        #expect(hasListing)
        #expect(Set(changes.map(\.milliseconds)) == [2000])
    }

    @Test func moreDirectoriesThanTheLimitAreAllListedAgain() {
        var settling = makeSettling()
        settling.schedule("scan", at: moment(9000))
        for index in 0...ChangeSettling.directoryLimit {
            settling.record(.created, path: FilePath("/m/\(index)/a.safetensors"), at: moment(0))
        }
        #expect(settling.takeDue(at: moment(1)) == [.eventsLost])
        #expect(settling.fileCount == 0)
        #expect(settling.drain() == [.init(9000, .due(tag: "scan"))])
    }

    /// Whatever happens in whatever order: nothing is due in the past, everything ends, and after its last event a
    /// file is told as gone exactly if that event took it away.
    @Test(arguments: 0..<8)
    func anySequenceOfEventsEndsWithTheTruth(round: Int) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var settling = makeSettling()
        var now: Int64 = 0
        var isGone: [FilePath: Bool] = [:]
        var told: [FilePath: Set<FileHint>] = [:]
        func hear(_ changes: [DirectoryChange]) {
            for case .file(let path, let hint) in changes { told[path, default: []].insert(hint) }
        }
        for _ in 0..<3000 {
            now += Int64.random(in: 0...40, using: &random)
            let path = FilePath("/m/\(Int.random(in: 0..<3, using: &random))/\(Int.random(in: 0..<20, using: &random))")
            let cookie = UInt32.random(in: 0..<4, using: &random)
            // A name that is not there can only come.
            let coming: [ChangeSettling.Event] = [.created, .movedIn(cookie: cookie)]
            let events: [ChangeSettling.Event] = [
                .modified, .closedAfterWriting, .attributes, .deleted, .movedIn(cookie: cookie),
                .movedOut(cookie: cookie),
            ]
            let event = (isGone[path] == false ? events : coming).randomElement(using: &random) ?? .created
            settling.record(event, path: path, at: moment(now))
            told[path] = []
            isGone[path] = event == .deleted || event == .movedOut(cookie: cookie)
            if Int.random(in: 0..<4, using: &random) == 0 {
                hear(settling.takeDue(at: moment(now)))
                if let next = settling.nextDue { #expect(next > moment(now), "seed \(seed)") }
            }
        }
        hear(settling.drain().map(\.change))
        #expect(settling.fileCount == 0, "seed \(seed)")
        for (path, isGone) in isGone {
            #expect(told[path]?.contains(.gone) == isGone, "\(path) \(String(describing: told[path])), seed \(seed)")
        }
    }

    private func fill(_ settling: inout ChangeSettling, directory: FilePath, count: Int, at time: MonotonicTime) {
        for index in 0..<count { settling.record(.created, path: directory.appending("f\(index)"), at: time) }
    }
}
