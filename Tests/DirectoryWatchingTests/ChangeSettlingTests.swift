import LinuxSystem
import Testing

@testable import DirectoryWatching

/// What each event of a file leads to, and when.
@Suite struct ChangeSettlingTests {
    private let file = FilePath("/m/a.safetensors")
    private let other = FilePath("/m/b.safetensors")

    @Test func createdFileAppearsSoonAndSettlesAfterTheQuietTime() {
        var settling = makeSettling()
        settling.record(.created, path: file, at: moment(0))
        #expect(settling.takeDue(at: moment(19)).isEmpty)
        // It may be a link to a file that nobody writes.
        #expect(!settling.isBeingWritten(file))
        #expect(settling.drain() == [.init(20, file, .appeared), .init(2000, file, .settled)])
        #expect(!settling.isBeingWritten(file))
        #expect(settling.fileCount == 0)
    }

    @Test func creatingWritingAndClosingIsOneReportAndOneEnd() {
        var settling = makeSettling()
        settling.record(.created, path: file, at: moment(0))
        settling.record(.modified, path: file, at: moment(1))
        settling.record(.modified, path: file, at: moment(5))
        settling.record(.closedAfterWriting, path: file, at: moment(10))
        #expect(settling.drain() == [.init(20, file, .writing), .init(2010, file, .settled)])
    }

    @Test func writerThatDoesNotCloseIsWaitedForAMinuteAfterItsLastWrite() {
        var settling = makeSettling()
        for second in Int64(0)..<100 { settling.record(.modified, path: file, at: moment(second * 1000)) }
        #expect(settling.takeDue(at: moment(99_000)) == [.file(file, .writing)])
        #expect(settling.isBeingWritten(file))
        #expect(settling.drain() == [.init(159_000, file, .settled)])
    }

    @Test func writesAfterTheFirstReportSayNothingNew() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        #expect(settling.takeDue(at: moment(20)) == [.file(file, .writing)])
        settling.record(.modified, path: file, at: moment(30))
        #expect(settling.takeDue(at: moment(59_000)).isEmpty)
    }

    @Test func quietTimeLongerThanAMinuteHoldsForOpenWritersToo() {
        var settling = makeSettling(settle: 120_000_000_000)
        settling.record(.modified, path: file, at: moment(0))
        #expect(settling.drain() == [.init(20, file, .writing), .init(120_000, file, .settled)])
    }

    @Test func closeWithoutASeenWriteIsReportedAndSettles() {
        var settling = makeSettling()
        settling.record(.closedAfterWriting, path: file, at: moment(0))
        #expect(settling.drain() == [.init(20, file, .writing), .init(2000, file, .settled)])
    }

    @Test func eachCloseBeginsTheQuietTimeAnew() {
        var settling = makeSettling()
        for second in Int64(0)..<5 {
            settling.record(.modified, path: file, at: moment(second * 1000))
            settling.record(.closedAfterWriting, path: file, at: moment(second * 1000))
        }
        #expect(settling.drain().last == .init(6000, file, .settled))
    }

    @Test func attributesAreReportedAndNothingIsWaitedFor() {
        var settling = makeSettling()
        settling.record(.attributes, path: file, at: moment(0))
        #expect(!settling.isBeingWritten(file))
        #expect(settling.drain() == [.init(20, file, .attributes)])
    }

    @Test func attributesNeverHideAStrongerHint() {
        for first in [ChangeSettling.Event.created, .modified, .movedIn(cookie: 1)] {
            var settling = makeSettling()
            settling.record(first, path: file, at: moment(0))
            settling.record(.attributes, path: file, at: moment(0))
            #expect(!settling.drain().contains { $0.change == .file(file, .attributes) }, "\(first)")
        }
        var settling = makeSettling()
        settling.record(.attributes, path: file, at: moment(0))
        settling.record(.modified, path: file, at: moment(5))
        #expect(settling.drain().map(\.change) == [.file(file, .writing), .file(file, .settled)])
    }

    @Test func releaseOfAHeldFileShortensItsWaiting() {
        var settling = makeSettling()
        settling.hold(file, until: moment(60_000))
        settling.record(.released, path: file, at: moment(1000))
        #expect(settling.drain() == [.init(3000, file, .settled)])
    }

    @Test func releaseOfAFileNobodyWaitsForIsReported() {
        var settling = makeSettling()
        settling.record(.released, path: file, at: moment(0))
        #expect(settling.drain() == [.init(20, file, .writing), .init(2000, file, .settled)])
    }

    // MARK: - Going

    @Test func deletedFileIsKeptBackForAMoment() {
        var settling = makeSettling()
        settling.record(.deleted, path: file, at: moment(0))
        #expect(settling.drain() == [.init(50, file, .gone)])
    }

    @Test func deleteAfterWriteEndsTheWaiting() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.deleted, path: file, at: moment(10))
        #expect(!settling.isBeingWritten(file))
        #expect(settling.drain() == [.init(60, file, .gone)])
    }

    @Test func fileThatIsMadeAgainIsNotReportedAsGone() {
        var settling = makeSettling()
        settling.record(.deleted, path: file, at: moment(0))
        settling.record(.created, path: file, at: moment(5))
        #expect(settling.drain() == [.init(25, file, .appeared), .init(2005, file, .settled)])
    }

    @Test func whatWentAfterBeingHeldIsOnlyGone() {
        var settling = makeSettling()
        settling.hold(file, until: moment(500))
        settling.record(.deleted, path: file, at: moment(0))
        #expect(settling.drain() == [.init(50, file, .gone)])
    }

    // MARK: - Moving

    @Test func fileMovedInIsCompleteAtOnce() {
        var settling = makeSettling()
        settling.record(.movedIn(cookie: 7), path: file, at: moment(0))
        #expect(!settling.isBeingWritten(file))
        #expect(settling.drain() == [.init(0, file, .arrived)])
    }

    @Test func fileMovedOverOneBeingWrittenIsCompleteAtOnce() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.movedIn(cookie: 7), path: file, at: moment(1))
        #expect(settling.drain() == [.init(1, file, .arrived)])
    }

    @Test func renameShowsTheNewNameBeforeTheOldOneGoes() {
        var settling = makeSettling()
        settling.record(.movedOut(cookie: 7), path: file, at: moment(0))
        settling.record(.movedIn(cookie: 7), path: other, at: moment(0))
        #expect(settling.drain() == [.init(0, other, .arrived), .init(50, file, .gone)])
    }

    @Test func openWriterIsFollowedAcrossARename() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.movedOut(cookie: 7), path: file, at: moment(10))
        settling.record(.movedIn(cookie: 7), path: other, at: moment(10))
        #expect(!settling.isBeingWritten(file))
        #expect(settling.isBeingWritten(other))
        settling.record(.closedAfterWriting, path: other, at: moment(1000))
        let expected: [TimedChange] = [
            .init(30, other, .writing), .init(60, file, .gone), .init(3000, other, .settled),
        ]
        #expect(settling.drain() == expected)
    }

    @Test func openWriterThatNeverClosesAfterARenameIsWaitedForAMinute() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.movedOut(cookie: 7), path: file, at: moment(0))
        settling.record(.movedIn(cookie: 7), path: other, at: moment(0))
        #expect(settling.drain().last == .init(60_000, other, .settled))
    }

    @Test func writerUnderAnotherCookieIsNotThisFiles() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.movedOut(cookie: 7), path: file, at: moment(0))
        settling.record(.movedIn(cookie: 8), path: other, at: moment(0))
        #expect(settling.takeDue(at: moment(0)) == [.file(other, .arrived)])
    }

    @Test func closedFileIsCompleteUnderItsNewName() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.closedAfterWriting, path: file, at: moment(1))
        settling.record(.movedOut(cookie: 7), path: file, at: moment(2))
        settling.record(.movedIn(cookie: 7), path: other, at: moment(2))
        #expect(settling.drain() == [.init(2, other, .arrivedWritten), .init(52, file, .gone)])
    }

    @Test func writtenFileIsToldAfterItsDirectoryWasRenamed() {
        var settling = makeSettling()
        let (old, new) = (FilePath("/m/old"), FilePath("/m/new"))
        settling.record(.modified, path: old.appending("a"), at: moment(0))
        settling.record(.closedAfterWriting, path: old.appending("a"), at: moment(1))
        settling.directoryMovedOut(old, cookie: 7, at: moment(2))
        settling.directoryMovedIn(new, cookie: 7, at: moment(2))
        #expect(settling.drain() == [.init(2, new.appending("a"), .arrivedWritten)])
    }

    @Test func halfARenameIsForgottenAfterASecond() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        settling.record(.movedOut(cookie: 7), path: file, at: moment(0))
        #expect(settling.takeDue(at: moment(1000)) == [.file(file, .gone)])
        settling.record(.movedIn(cookie: 7), path: other, at: moment(1001))
        #expect(settling.drain() == [.init(1001, other, .arrived)])
    }

    // MARK: - Names that are not reported

    @Test func otherFilesAreNeverReportedNorKept() {
        let part = FilePath("/m/a.safetensors.part")
        for event in [ChangeSettling.Event.created, .modified, .closedAfterWriting, .released] {
            var settling = makeSettling()
            settling.record(event, path: part, isReported: false, at: moment(0))
            #expect(settling.drain().isEmpty, "\(event)")
            #expect(settling.fileCount == 0, "\(event)")
        }
        for event in [ChangeSettling.Event.attributes, .deleted, .movedIn(cookie: 1), .movedOut(cookie: 1)] {
            var settling = makeSettling()
            settling.record(event, path: part, isReported: false, at: moment(0))
            #expect(settling.fileCount == 0, "\(event)")
            #expect(settling.nextDue == nil, "\(event)")
        }
    }

    @Test func openWriterOfAnotherFileIsKnownWhenItBecomesAModelFile() {
        let part = FilePath("/m/a.safetensors.part")
        var settling = makeSettling()
        settling.record(.created, path: part, isReported: false, at: moment(0))
        settling.record(.modified, path: part, isReported: false, at: moment(1))
        settling.record(.movedOut(cookie: 3), path: part, isReported: false, at: moment(2))
        settling.record(.movedIn(cookie: 3), path: file, at: moment(2))
        #expect(settling.drain() == [.init(22, file, .writing), .init(60_002, file, .settled)])
    }
}
