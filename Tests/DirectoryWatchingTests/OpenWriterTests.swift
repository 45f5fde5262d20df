import LinuxSystem
import Testing

@testable import DirectoryWatching

/// How long a file is waited for that somebody writes to and does not close.
@Suite struct OpenWriterTests {
    private let file = FilePath("/m/a.safetensors")
    private let other = FilePath("/m/b.safetensors")

    /// Writes each time the file was told as settled, and gives the quiet times in seconds.
    private func quietTimes(
        _ settling: inout ChangeSettling, rounds: Int, from start: Int64 = 0,
        between: (inout ChangeSettling, MonotonicTime) -> Void = { _, _ in }
    ) -> [Int64] {
        var (times, now): ([Int64], Int64) = ([], start)
        for _ in 0..<rounds {
            settling.record(.modified, path: file, at: moment(now))
            guard let settled = settling.drain().last(where: { $0.change == .file(file, .settled) }) else { break }
            times.append((settled.milliseconds - now) / 1000)
            now = settled.milliseconds + 1000
            between(&settling, moment(now))
        }
        return times
    }

    @Test func eachReadThatIsOvertakenDoublesTheQuietTimeUpToTenMinutes() {
        var settling = makeSettling()
        #expect(quietTimes(&settling, rounds: 7) == [60, 120, 240, 480, 600, 600, 600])
    }

    @Test func writesDuringTheQuietTimeDoNotDoubleIt() {
        var settling = makeSettling()
        for second in Int64(0)..<50 { settling.record(.modified, path: file, at: moment(second * 1000)) }
        #expect(settling.drain().last == .init(109_000, file, .settled))
        for second in Int64(200)..<300 { settling.record(.modified, path: file, at: moment(second * 1000)) }
        #expect(settling.drain().last == .init(299_000 + 120_000, file, .settled))
    }

    @Test func quietTimeOfTheSettingIsTheLeast() {
        var settling = makeSettling(settle: 100_000_000_000)
        #expect(quietTimes(&settling, rounds: 4) == [100, 120, 240, 480])
        settling = makeSettling(settle: 3_600_000_000_000)
        #expect(quietTimes(&settling, rounds: 3) == [3600, 3600, 3600])
    }

    @Test(arguments: [
        ChangeSettling.Event.closedAfterWriting, .created, .deleted, .movedIn(cookie: 1), .movedOut(cookie: 1),
    ])
    func closeOrAnotherFileUnderTheNameBeginsAnew(event: ChangeSettling.Event) {
        var settling = makeSettling()
        let file = file
        let times = quietTimes(&settling, rounds: 3) { settling, now in
            settling.record(event, path: file, at: now)
            _ = settling.drain()
        }
        #expect(times == [60, 60, 60])
    }

    @Test(arguments: [ChangeSettling.Event.attributes, .released])
    func whatSaysNothingOfTheWriterBeginsNothingAnew(event: ChangeSettling.Event) {
        var settling = makeSettling()
        let file = file
        let times = quietTimes(&settling, rounds: 3) { settling, now in
            settling.record(event, path: file, at: now)
            _ = settling.drain()
        }
        #expect(times == [60, 120, 240])
    }

    @Test func closeInTheMidstOfWritesBeginsAnew() {
        var settling = makeSettling()
        #expect(quietTimes(&settling, rounds: 2) == [60, 120])
        settling.record(.modified, path: file, at: moment(1_000_000))
        settling.record(.closedAfterWriting, path: file, at: moment(1_000_001))
        #expect(settling.drain().last == .init(1_002_001, file, .settled))
        #expect(quietTimes(&settling, rounds: 2, from: 2_000_000) == [60, 120])
    }

    @Test func otherFilesAreNotConcerned() {
        var settling = makeSettling()
        #expect(quietTimes(&settling, rounds: 3) == [60, 120, 240])
        settling.record(.modified, path: other, at: moment(9_000_000))
        #expect(settling.drain().last == .init(9_060_000, other, .settled))
    }

    @Test func heldFileWithoutWritesIsNotOvertaken() {
        var settling = makeSettling()
        settling.hold(file, until: moment(1000))
        _ = settling.drain()
        #expect(quietTimes(&settling, rounds: 1, from: 5000) == [60])
    }

    @Test func writerThatWentQuietIsStillKnownWhenItsFileIsRenamed() {
        var settling = makeSettling()
        settling.record(.modified, path: file, at: moment(0))
        _ = settling.drain()
        settling.record(.movedOut(cookie: 4), path: file, at: moment(100_000))
        settling.record(.movedIn(cookie: 4), path: other, at: moment(100_000))
        #expect(settling.isBeingWritten(other))
        #expect(settling.drain().last == .init(160_000, other, .settled))
    }

    @Test func memoryOfWritersIsBounded() {
        var writers = UnclosedWriters()
        for index in 0..<10 * UnclosedWriters.limit {
            writers.insert(FilePath("/m/\(index)"), overtaken: 3)
            #expect(writers.count <= UnclosedWriters.limit)
        }
        // The last ones are known, the first ones are not.
        #expect(writers.overtakenByNextWrite(FilePath("/m/\(10 * UnclosedWriters.limit - 1)")) == 4)
        #expect(!writers.contains(FilePath("/m/0")))
        for _ in 0..<UnclosedWriters.limit { writers.insert(file, overtaken: .max) }
        #expect(writers.overtakenByNextWrite(file) == 16)
    }
}
