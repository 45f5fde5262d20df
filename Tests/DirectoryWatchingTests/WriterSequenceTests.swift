import LinuxSystem
import Testing

@testable import DirectoryWatching

/// What known programs do to a file, event by event, and what must be told of it.
@Suite struct WriterSequenceTests {
    private let file = FilePath("/m/a.safetensors")
    private let other = FilePath("/m/b.safetensors")
    private let part = FilePath("/m/a.safetensors.part")

    private func settling(
        _ events: [(Int64, FilePath, ChangeSettling.Event)]
    ) -> ChangeSettling {
        var settling = makeSettling()
        let (file, other) = (file, other)
        for (time, path, event) in events {
            settling.record(event, path: path, isReported: path == file || path == other, at: moment(time))
        }
        return settling
    }

    // MARK: - Downloads

    @Test func firefoxKeepsTheNameWithAnEmptyFile() {
        var settling = settling([
            (0, file, .created), (1, file, .closedAfterWriting), (2, part, .created), (3, part, .modified),
        ])
        #expect(settling.takeDue(at: moment(2001)) == [.file(file, .settled)])
        for second in Int64(3)..<30 {
            settling.record(.modified, path: part, isReported: false, at: moment(second * 1000))
        }
        settling.record(.closedAfterWriting, path: part, isReported: false, at: moment(30_000))
        settling.record(.movedOut(cookie: 1), path: part, isReported: false, at: moment(30_001))
        settling.record(.movedIn(cookie: 1), path: file, at: moment(30_001))
        #expect(settling.drain() == [.init(30_001, file, .arrived)])
    }

    @Test func chromeRenamesWhileItWritesAndAtTheEnd() {
        let unconfirmed = FilePath("/m/Unconfirmed 1.crdownload")
        let download = FilePath("/m/a.safetensors.crdownload")
        var settling = settling([
            (0, unconfirmed, .created), (1, unconfirmed, .modified), (2, unconfirmed, .movedOut(cookie: 1)),
            (2, download, .movedIn(cookie: 1)), (3, download, .modified),
        ])
        #expect(settling.isBeingWritten(download))
        #expect(settling.takeDue(at: moment(3)) == [])
        settling.record(.closedAfterWriting, path: download, isReported: false, at: moment(4))
        settling.record(.movedOut(cookie: 2), path: download, isReported: false, at: moment(5))
        settling.record(.movedIn(cookie: 2), path: file, at: moment(5))
        // The origin of the download, as an extended attribute.
        settling.record(.attributes, path: file, at: moment(6))
        #expect(settling.drain() == [.init(5, file, .arrived)])
    }

    @Test func aria2WritesBesideItsMark() {
        var settling = settling([(0, file, .created), (1, file, .modified)])
        #expect(settling.takeDue(at: moment(21)) == [.file(file, .writing)])
        // Its mark is removed before the file is closed: what is written last is waited for.
        settling.record(.modified, path: file, at: moment(30_000))
        settling.record(.released, path: file, at: moment(30_001))
        #expect(settling.isBeingWritten(file))
        #expect(settling.takeDue(at: moment(40_000)) == [])
        settling.record(.closedAfterWriting, path: file, at: moment(40_001))
        #expect(settling.drain() == [.init(42_001, file, .settled)])
    }

    @Test func aria2ThatClosesBeforeItsMarkGoes() {
        var settling = settling([(0, file, .created), (1, file, .modified), (2, file, .closedAfterWriting)])
        settling.hold(file, until: moment(60_000))
        settling.record(.released, path: file, at: moment(30_000))
        #expect(settling.drain().last == .init(32_000, file, .settled))
    }

    @Test func downloadThatIsGivenUpIsGoneWithItsMark() {
        var settling = settling([(0, file, .deleted), (1, file, .released)])
        #expect(settling.takeDue(at: moment(50)) == [.file(file, .gone)])
    }

    @Test func curlGoesOnWhereItStopped() {
        var settling = settling([(0, file, .modified), (1, file, .closedAfterWriting)])
        #expect(settling.drain().last == .init(2001, file, .settled))
        settling.record(.modified, path: file, at: moment(100_000))
        settling.record(.modified, path: file, at: moment(110_000))
        settling.record(.closedAfterWriting, path: file, at: moment(120_000))
        #expect(settling.drain() == [.init(100_020, file, .writing), .init(122_000, file, .settled)])
    }

    // MARK: - Other writers

    @Test func truncationInPlaceIsAWriteThatIsNotClosed() {
        var settling = settling([(0, file, .modified)])
        #expect(settling.drain() == [.init(20, file, .writing), .init(60_000, file, .settled)])
    }

    @Test func fileThatIsLinkedInWholeAppearsAndSettles() {
        // O_TMPFILE and linkat(2), or a hard link: events of the writing bear another name, or none.
        var settling = settling([(0, file, .created)])
        #expect(settling.drain() == [.init(20, file, .appeared), .init(2000, file, .settled)])
    }

    @Test func writesThroughAnotherNameAreNotThisFiles() {
        var settling = settling([(0, part, .modified), (10, file, .created), (20, part, .modified)])
        #expect(!settling.isBeingWritten(file))
        #expect(settling.isBeingWritten(part))
        #expect(settling.drain() == [.init(30, file, .appeared), .init(2010, file, .settled)])
    }

    @Test func newFileUnderANameHasNotTheWriterOfTheOldOne() {
        // The end of the old one was lost, as when the queue of the kernel overflowed.
        var settling = settling([(0, file, .modified), (100, file, .created), (101, file, .movedOut(cookie: 1))])
        settling.record(.movedIn(cookie: 1), path: other, at: moment(101))
        #expect(settling.drain().map(\.change) == [.file(other, .arrived), .file(file, .gone)])
    }

    @Test func writeThatIsToldLateDoesNotUndoTheEndOfItsName() {
        // The writer goes on while the file is renamed: its event was named before and is queued after.
        for event in [ChangeSettling.Event.modified, .closedAfterWriting, .attributes, .released] {
            var settling = settling([
                (0, file, .movedOut(cookie: 1)), (0, file, event), (0, other, .movedIn(cookie: 1)),
            ])
            #expect(settling.takeDue(at: moment(50)).contains(.file(file, .gone)), "\(event)")
        }
    }

    @Test func settledFileThatWentMeanwhileIsToldAsGoneToo() {
        var settling = settling([(0, file, .deleted)])
        settling.hold(file, until: moment(10))
        #expect(settling.drain().map(\.change) == [.file(file, .settled), .file(file, .gone)])
        settling = self.settling([(0, file, .deleted)])
        settling.hold(file, until: moment(10))
        #expect(settling.takeDue(at: moment(1000)) == [.file(file, .settled), .file(file, .gone)])
    }

    // MARK: - Exchanges

    private func exchange(at time: Int64) -> [(Int64, FilePath, ChangeSettling.Event)] {
        [
            (time, file, .movedOut(cookie: 1)), (time, other, .movedIn(cookie: 1)),
            (time, other, .movedOut(cookie: 2)), (time, file, .movedIn(cookie: 2)),
        ]
    }

    @Test func exchangeOfFinishedFilesIsALookAtBoth() {
        var settling = settling(exchange(at: 0))
        // A file that moves there and back is told in the same words; the listing after `.gone` finds what is there.
        #expect(settling.drain() == [.init(0, file, .arrived), .init(50, other, .gone)])
    }

    @Test func writerOfTheFirstFileIsFollowedThroughAnExchange() {
        var settling = settling([(0, file, .modified)] + exchange(at: 100))
        #expect(settling.isBeingWritten(other))
        let changes = settling.drain()
        #expect(changes.contains(.init(60_100, other, .settled)))
        #expect(changes.contains(.init(150, other, .gone)))
    }

    @Test func writerOfTheSecondFileIsFollowedThroughAnExchange() {
        var settling = settling([(0, other, .modified)] + exchange(at: 100))
        #expect(settling.isBeingWritten(file))
        settling.record(.modified, path: file, at: moment(1000))
        settling.record(.closedAfterWriting, path: file, at: moment(2000))
        let changes = settling.drain()
        #expect(changes.contains(.init(4000, file, .settled)))
        #expect(changes.contains(.init(150, other, .gone)))
    }

    @Test func exchangeWithANameThatIsNotReportedKeepsItSilent() {
        var settling = settling([
            (0, file, .modified), (1, file, .movedOut(cookie: 1)), (1, part, .movedIn(cookie: 1)),
            (1, part, .movedOut(cookie: 2)), (1, file, .movedIn(cookie: 2)),
        ])
        #expect(settling.isBeingWritten(part))
        #expect(settling.drain().allSatisfy { if case .file(file, _) = $0.change { true } else { false } })
    }

    @Test func renamesOneAfterTheOtherAreNoExchange() {
        var settling = settling([
            (0, file, .modified), (10, file, .movedOut(cookie: 1)), (10, other, .movedIn(cookie: 1)),
            (1000, other, .movedOut(cookie: 2)), (1000, file, .movedIn(cookie: 2)),
        ])
        #expect(settling.isBeingWritten(file))
        #expect(!settling.isBeingWritten(other))
        #expect(settling.drain().last == .init(61_000, file, .settled))
    }

    @Test func chainOfRenamesCarriesTheWriterToItsEnd() {
        let third = FilePath("/m/c.safetensors")
        var settling = settling([
            (0, file, .modified), (10, file, .movedOut(cookie: 1)), (10, other, .movedIn(cookie: 1)),
            (11, other, .movedOut(cookie: 2)),
        ])
        settling.record(.movedIn(cookie: 2), path: third, at: moment(11))
        #expect(settling.isBeingWritten(third))
        #expect(!settling.isBeingWritten(other))
        let gone = settling.drain().filter { if case .file(_, .gone) = $0.change { true } else { false } }
        #expect(Set(gone) == [.init(60, file, .gone), .init(61, other, .gone)])
    }

    // MARK: - Directories on the way

    @Test func openWritersMoveWithTheirDirectory() {
        let deep = FilePath("/m/tmp/deep/a.safetensors")
        var settling = settling([])
        settling.record(.modified, path: deep, at: moment(0))
        settling.record(.created, path: FilePath("/m/tmp/b.safetensors"), at: moment(0))
        settling.record(.modified, path: FilePath("/m/tmp2/c.safetensors"), at: moment(0))
        settling.directoryMovedOut(FilePath("/m/tmp"), cookie: 9, at: moment(10))
        #expect(settling.fileCount == 1)
        settling.directoryMovedIn(FilePath("/m/final"), cookie: 9, at: moment(10))
        let moved = FilePath("/m/final/deep/a.safetensors")
        #expect(settling.isBeingWritten(moved))
        #expect(!settling.isBeingWritten(deep))
        #expect(settling.drain().last == .init(60_010, moved, .settled))
    }

    @Test func directoriesThatDoNotArriveAreForgotten() {
        var settling = settling([(0, file, .modified)])
        settling.directoryMovedOut(FilePath("/m"), cookie: 9, at: moment(0))
        settling.directoryMovedIn(FilePath("/n"), cookie: 8, at: moment(0))
        settling.directoryMovedIn(FilePath("/n"), cookie: 9, at: moment(1001))
        #expect(settling.fileCount == 0)
        #expect(settling.nextDue == nil)
    }
}
