import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// Many files, and directories that never come to rest. What grows with the square of them does not end in time.
@Suite(.timeLimit(.minutes(1))) struct SettlingLoadTests {
    @Test func burstOverManyDirectoriesIsToldFileByFile() {
        var settling = makeSettling()
        var appeared = 0
        var settled = 0
        func hear(_ changes: [DirectoryChange]) {
            for change in changes {
                switch change {
                case .file(_, .appeared), .file(_, .writing): appeared += 1
                case .file(_, .settled): settled += 1
                default: Issue.record("\(change)")
                }
            }
        }
        for index in 0..<20_000 {
            let file = FilePath("/models/\(index % 4000)/\(index).safetensors")
            for event in [ChangeSettling.Event.created, .modified, .closedAfterWriting] {
                settling.record(event, path: file, at: moment(Int64(index / 10)))
            }
            // The thread wakes for every few events.
            hear(settling.takeDue(at: moment(Int64(index / 10))))
        }
        #expect(settling.fileCount == 20_000)
        hear(settling.drain().map(\.change))
        #expect(appeared == 20_000)
        #expect(settled == 20_000)
        #expect(settling.fileCount == 0)
    }

    @Test func directoryThatNeverRestsStarvesNobody() {
        var settling = makeSettling()
        let quiet = FilePath("/quiet/a.safetensors")
        let busy = FilePath("/busy")
        settling.record(.modified, path: quiet, at: moment(0))
        settling.record(.closedAfterWriting, path: quiet, at: moment(0))
        settling.schedule("scan", at: moment(3000))
        var heard: [TimedChange] = []
        var listings = 0
        for millisecond in Int64(0)..<5000 {
            for index in 0..<10 {
                let file = busy.appending("\(millisecond % 100)-\(index).safetensors")
                settling.record(.created, path: file, at: moment(millisecond))
            }
            for change in settling.takeDue(at: moment(millisecond)) {
                switch change {
                case .directory(busy, recursive: false): listings += 1
                case .file(let path, _) where path.parent == busy: break
                default: heard.append(TimedChange(millisecond, change))
                }
            }
        }
        let expected: [TimedChange] = [
            .init(20, quiet, .writing), .init(2000, quiet, .settled), .init(3000, .due(tag: "scan")),
        ]
        #expect(heard == expected)
        // Told again and again, but not with each event.
        #expect((5...10).contains(listings))
    }

    @Test func oneFileThatIsWrittenWithoutEndCostsOneEntry() {
        var settling = makeSettling()
        let file = FilePath("/m/a.safetensors")
        for event in Int64(0)..<100_000 {
            settling.record(.modified, path: file, at: moment(event / 10))
            _ = settling.takeDue(at: moment(event / 10))
        }
        #expect(settling.queue.count == 1)
        #expect(settling.drain() == [.init(9999 + 60_000, file, .settled)])
    }

    @Test func entriesThatMeanNothingAnyMoreStayBounded() {
        var settling = makeSettling()
        for round in Int64(0)..<20_000 {
            // Each round leaves an entry a minute ahead that nothing stands for any more.
            let file = FilePath("/m/\(round % 50).safetensors")
            settling.record(.modified, path: file, at: moment(round * 30))
            _ = settling.takeDue(at: moment(round * 30 + 20))
            settling.record(.deleted, path: file, at: moment(round * 30 + 21))
            settling.schedule("retry", at: moment(round * 30 + 1_000_000))
            #expect(settling.queue.count < 2000)
        }
        #expect(settling.drain().last == .init(19_999 * 30 + 1_000_000, .due(tag: "retry")))
        #expect(settling.queue.count == 0)
    }

    @Test func moreFilesThanTheLimitAreAllListedAgainAndWritersKept() {
        var settling = makeSettling()
        let open = FilePath("/m/open.safetensors")
        settling.record(.modified, path: open, at: moment(0))
        for index in 0...ChangeSettling.totalFileLimit {
            settling.record(.created, path: FilePath("/m/\(index / 200)/\(index)"), at: moment(0))
        }
        #expect(settling.takeDue(at: moment(0)) == [.eventsLost])
        #expect(settling.fileCount == 1)
        #expect(settling.isBeingWritten(open))
        #expect(settling.drain().last == .init(60_000, open, .settled))
    }

    /// The count and the first entry are right whatever happened.
    @Test func queueAgreesWithTheFilesAfterAnyEvents() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var settling = makeSettling()
        var now: Int64 = 0
        for _ in 0..<5000 {
            now += Int64.random(in: 0...200, using: &random)
            let path = FilePath("/\(Int.random(in: 0..<3, using: &random))/\(Int.random(in: 0..<300, using: &random))")
            let cookie = UInt32.random(in: 0..<4, using: &random)
            let events: [ChangeSettling.Event] = [
                .created, .modified, .closedAfterWriting, .attributes, .deleted, .released, .movedIn(cookie: cookie),
                .movedOut(cookie: cookie),
            ]
            switch Int.random(in: 0..<40, using: &random) {
            case 0: settling.hold(path, until: moment(now + 500))
            case 1: settling.list(path.parent, recursive: false, at: moment(now))
            case 2: settling.schedule("\(cookie)", at: Bool.random(using: &random) ? moment(now + 100) : nil)
            case 3: settling.bringForward(to: moment(now))
            case 4: settling.directoryMovedOut(path.parent, cookie: cookie, at: moment(now))
            case 5: settling.directoryMovedIn(path.parent, cookie: cookie, at: moment(now))
            case 6...15: _ = settling.takeDue(at: moment(now))
            default:
                settling.record(
                    events.randomElement(using: &random) ?? .created, path: path,
                    isReported: Bool.random(using: &random), at: moment(now))
            }
            let files = settling.directories.values.flatMap { $0.files.values }
            var moments = files.compactMap(\.due) + settling.appointments.values
            moments += settling.directories.values.compactMap { $0.listing?.at }
            #expect(settling.nextDue == moments.min(), "seed \(seed)")
            #expect(settling.fileCount == files.count, "seed \(seed)")
            #expect(settling.directories.values.allSatisfy { !$0.isEmpty }, "seed \(seed)")
        }
        _ = settling.drain()
        #expect(settling.fileCount == 0, "seed \(seed)")
    }
}
