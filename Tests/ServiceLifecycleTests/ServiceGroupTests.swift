import Logging
import Synchronization
import Testing

@testable import ServiceLifecycle

/// How services start, stop and fail together. Times are only limits for what must not happen at all.
@Suite(.timeLimit(.minutes(1))) struct ServiceGroupTests {
    /// What the services did, in order.
    private final class Diary: Sendable {
        private let stored = Mutex<[String]>([])

        var lines: [String] { stored.withLock { $0 } }
        func note(_ line: String) { stored.withLock { $0.append(line) } }
    }

    private struct Failure: Error, Equatable { let name: String }

    /// A service that writes down its life.
    private struct Part: Service {
        enum Behaviour: Sendable {
            case orderly
            /// Fails before it serves.
            case failsToStart
            /// Fails when the signal fires.
            case failsLater(Signal)
            /// Fails while it stops.
            case failsToStop
            /// Returns by itself, before it serves.
            case endsEarly
            /// Never serves; obeys when asked to stop.
            case neverStarts(reached: Signal)
            /// Does not stop until the signal fires.
            case stopsAfter(Signal)
            /// Neither serves nor stops until the signal fires.
            case hangsInStart(reached: Signal, until: Signal)
        }

        let name: String
        let diary: Diary
        var behaviour = Behaviour.orderly

        func run(_ context: ServiceContext) async throws {
            diary.note("\(name) begins")
            switch behaviour {
            case .failsToStart: throw Failure(name: name)
            case .endsEarly: return
            case .neverStarts(let reached): reached.fire()
            case .hangsInStart(let reached, let end):
                reached.fire()
                await end.wait()
            default: context.markStarted()
            }
            if case .failsLater(let signal) = behaviour {
                await signal.wait()
                throw Failure(name: name)
            }
            await context.shutdown()
            diary.note("\(name) stops")
            if case .stopsAfter(let signal) = behaviour { await signal.wait() }
            if case .failsToStop = behaviour { throw Failure(name: name) }
            diary.note("\(name) ends")
        }
    }

    private static let ample = Duration.seconds(3600)

    @Test func servicesStartInOrderAndStopInReverse() async throws {
        let diary = Diary()
        let started = Signal()
        let group = ServiceGroup(["a", "b", "c"].map { Part(name: $0, diary: diary) }, logger: .silent)
        let run = Task {
            try await group.run(
                stopDeadline: Self.ample,
                onStarted: {
                    diary.note("started")
                    started.fire()
                }, onStopping: { diary.note("stopping") })
        }
        await started.wait()
        #expect(diary.lines == ["a begins", "b begins", "c begins", "started"])
        group.requestStop()
        group.requestStop()
        try await run.value
        let end = ["stopping", "c stops", "c ends", "b stops", "b ends", "a stops", "a ends"]
        #expect(Array(diary.lines.dropFirst(4)) == end)
    }

    @Test func nextServiceBeginsOnlyWhenTheOneBeforeServes() async throws {
        let diary = Diary()
        let reached = Signal()
        let parts = [
            Part(name: "a", diary: diary, behaviour: .neverStarts(reached: reached)), Part(name: "b", diary: diary),
        ]
        let group = ServiceGroup(parts, logger: .silent)
        let run = Task { try await group.run(stopDeadline: Self.ample, onStarted: { diary.note("started") }) }
        await reached.wait()
        group.requestStop()
        try await run.value
        #expect(diary.lines == ["a begins", "a stops", "a ends"])
    }

    @Test func failureToStartStopsWhatRunsAndIsPassedOn() async throws {
        let diary = Diary()
        let parts = [
            Part(name: "a", diary: diary), Part(name: "b", diary: diary, behaviour: .failsToStart),
            Part(name: "c", diary: diary),
        ]
        let group = ServiceGroup(parts, logger: .silent)
        await #expect(throws: Failure(name: "b")) {
            try await group.run(
                stopDeadline: Self.ample, onStarted: { diary.note("started") }, onStopping: { diary.note("stopping") })
        }
        #expect(diary.lines == ["a begins", "b begins", "stopping", "a stops", "a ends"])
    }

    @Test func failureWhileRunningStopsTheOthers() async throws {
        let diary = Diary()
        let trouble = Signal()
        let parts = [
            Part(name: "a", diary: diary), Part(name: "b", diary: diary, behaviour: .failsLater(trouble)),
            Part(name: "c", diary: diary),
        ]
        let group = ServiceGroup(parts, logger: .silent)
        await #expect(throws: Failure(name: "b")) {
            try await group.run(stopDeadline: Self.ample, onStarted: { trouble.fire() })
        }
        #expect(diary.lines == ["a begins", "b begins", "c begins", "c stops", "c ends", "a stops", "a ends"])
    }

    @Test func firstErrorIsTheOneThatCounts() async throws {
        let diary = Diary()
        let trouble = Signal()
        let parts = [
            Part(name: "a", diary: diary, behaviour: .failsToStop),
            Part(name: "b", diary: diary, behaviour: .failsLater(trouble)),
        ]
        await #expect(throws: Failure(name: "b")) {
            try await ServiceGroup(parts, logger: .silent).run(stopDeadline: Self.ample, onStarted: { trouble.fire() })
        }
        await #expect(throws: Failure(name: "a")) {
            let group = ServiceGroup([parts[0]], logger: .silent)
            try await group.run(stopDeadline: Self.ample, onStarted: { group.requestStop() })
        }
    }

    @Test func serviceThatEndsByItselfDoesNotEndTheGroup() async throws {
        let diary = Diary()
        let parts = [Part(name: "a", diary: diary, behaviour: .endsEarly), Part(name: "b", diary: diary)]
        let group = ServiceGroup(parts, logger: .silent)
        try await group.run(
            stopDeadline: Self.ample,
            onStarted: {
                diary.note("started")
                group.requestStop()
            })
        #expect(diary.lines == ["a begins", "b begins", "started", "b stops", "b ends"])
    }

    @Test func stopBeforeTheStartStartsNothing() async throws {
        let diary = Diary()
        let group = ServiceGroup([Part(name: "a", diary: diary)], logger: .silent)
        group.requestStop()
        try await group.run(
            stopDeadline: Self.ample, onStarted: { diary.note("started") }, onStopping: { diary.note("stopping") })
        #expect(diary.lines == ["stopping"])
    }

    // MARK: - What hangs

    @Test func serviceThatNeverStopsIsLeftBehindAndNamed() async throws {
        let diary = Diary()
        let (never, memory) = (Signal(), MemoryHandler())
        let parts = [Part(name: "a", diary: diary), Part(name: "b", diary: diary, behaviour: .stopsAfter(never))]
        let group = ServiceGroup(parts, logger: Logger(handler: memory))
        try await group.run(stopDeadline: .milliseconds(200), onStarted: { group.requestStop() })
        #expect(memory.records.filter { $0.message.hasPrefix("b ") }.map(\.level) == [.warning])
        never.fire()
    }

    @Test func serviceThatNeverStopsDoesNotKeepTheOthersRunning() async throws {
        let diary = Diary()
        let never = Signal()
        let parts = [
            Part(name: "a", diary: diary), Part(name: "b", diary: diary),
            Part(name: "c", diary: diary, behaviour: .stopsAfter(never)),
        ]
        let group = ServiceGroup(parts, logger: .silent)
        // Long enough for the two to end in its second half on a busy machine.
        try await group.run(stopDeadline: .seconds(2), onStarted: { group.requestStop() })
        #expect(diary.lines.contains("a ends"))
        #expect(diary.lines.contains("b ends"))
        #expect(!diary.lines.contains("c ends"))
        never.fire()
    }

    @Test func serviceThatHangsInItsStartDoesNotKeepTheGroupFromStopping() async throws {
        let diary = Diary()
        let (reached, never) = (Signal(), Signal())
        let parts = [
            Part(name: "a", diary: diary),
            Part(name: "b", diary: diary, behaviour: .hangsInStart(reached: reached, until: never)),
            Part(name: "c", diary: diary),
        ]
        let group = ServiceGroup(parts, logger: .silent)
        let run = Task { try await group.run(stopDeadline: .seconds(1), onStarted: { diary.note("started") }) }
        await reached.wait()
        group.requestStop()
        try await run.value
        #expect(diary.lines == ["a begins", "b begins", "a stops", "a ends"])
        never.fire()
    }

    @Test func failureOfAnEarlierServiceEndsTheWaitForOneThatHangsInItsStart() async throws {
        let diary = Diary()
        let (reached, never) = (Signal(), Signal())
        let parts = [
            Part(name: "a", diary: diary, behaviour: .failsLater(reached)),
            Part(name: "b", diary: diary, behaviour: .hangsInStart(reached: reached, until: never)),
        ]
        await #expect(throws: Failure(name: "a")) {
            try await ServiceGroup(parts, logger: .silent).run(stopDeadline: .milliseconds(200))
        }
        never.fire()
    }
}
