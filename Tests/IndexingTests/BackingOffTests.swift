import LinuxSystem
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Catalog
@testable import Hashing
@testable import Indexing

/// Making room for others that wait for drives, by what two files say.
@Suite struct BackingOffTests {
    @Test func oneReaderGoesOnWhileOthersWait() async throws {
        try await withService { service, pressure in
            let (oldest, other) = (HashingControl(), HashingControl())
            service.governor.enter(oldest)
            service.governor.enter(other)
            try pressure.say(all: 0, own: 0)
            service.samplePressure(at: second(0))
            #expect(service.status().message == nil)
            try pressure.say(all: 9, own: 6)
            service.samplePressure(at: second(10))
            #expect(service.status().state == .backingOff)
            #expect(
                service.status().message
                    == "other programs waited for the drives 30 % of the last 10 s, so one file is read at a time")
            try service.governor.admit(1, oldest)
            let thread = try SystemThread(name: "reader") { try? service.governor.admit(1, other) }
            try await eventually { other.isHeld }
            #expect(!thread.join(milliseconds: 0))

            try pressure.say(all: 9.5, own: 6)
            service.samplePressure(at: second(20))
            #expect(service.status().state != .backingOff)
            let hasPassed = try await onThread { thread.join(milliseconds: IndexerFixture.patience) }
            #expect(hasPassed)
        }
    }

    @Test func withoutAFigureOfItsOwnItSaysThatItCannotTell() async throws {
        try await withService(hasOwnFile: false) { service, pressure in
            try pressure.say(all: 0, own: 0)
            service.samplePressure(at: second(0))
            try pressure.say(all: 10, own: 0)
            service.samplePressure(at: second(10))
            #expect(service.status().state != .backingOff)
            #expect(service.status().message?.contains("whether other programs wait") == true)
        }
    }

    @Test func withoutTheFigureOfAllItSaysThatItCannotTell() async throws {
        try await withService(hasSystemFile: false) { service, _ in
            service.samplePressure(at: second(0))
            #expect(service.status().message?.contains("whether other programs wait") == true)
        }
    }

    @Test func whenAFigureIsGoneReadingGoesOnWithoutIt() async throws {
        try await withService { service, pressure in
            try pressure.say(all: 0, own: 0)
            service.samplePressure(at: second(0))
            try pressure.say(all: 9, own: 0)
            service.samplePressure(at: second(10))
            #expect(service.status().state == .backingOff)
            removeFile(pressure.own)
            service.samplePressure(at: second(12))
            #expect(service.status().state != .backingOff)
            #expect(service.status().message?.contains("whether other programs wait") == true)
            let (oldest, other) = (HashingControl(), HashingControl())
            service.governor.enter(oldest)
            service.governor.enter(other)
            let thread = try SystemThread(name: "reader") { try? service.governor.admit(1, other) }
            let hasPassed = try await onThread { thread.join(milliseconds: 10_000) }
            #expect(hasPassed)
            other.cancel()

            // It may come back, as that of a group that the process was moved to.
            try pressure.say(all: 9, own: 0)
            service.samplePressure(at: second(14))
            #expect(service.status().message == nil)
        }
    }

    @Test func betweenTwoFilesWhatWasSeenIsKept() async throws {
        try await withService { service, pressure in
            try pressure.say(all: 0, own: 0)
            let job = HashJob(
                fileID: 1, path: FilePath("/a"), rootID: 1, contentID: nil, size: 1, modified: 1, inode: 1, device: 1,
                attempts: 0, purpose: .first)
            service.state.withLock { state in
                state.queue.beginRefill()
                state.queue.endRefill(.init(roots: [[job]]))
            }
            service.samplePressure(at: second(0))
            service.endSamplingIfIdle()
            #expect(service.state.withLock { $0.pressure.hasSamples })
            service.state.withLock { state in
                if let job = state.queue.next() { state.queue.finish(job) }
            }
            service.endSamplingIfIdle()
            #expect(service.state.withLock { !$0.pressure.hasSamples })
        }
    }

    private func second(_ number: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: number * 1_000_000_000) }

    private struct Pressure: Sendable {
        let system: FilePath
        let own: FilePath

        /// Writes the files, in seconds of waiting.
        func say(all: Double, own: Double) throws {
            for (file, seconds) in [(system, all), (self.own, own)] {
                try writeFile(
                    file, "some avg10=0.00 avg60=0.00 avg300=0.00 total=\(Int(seconds * 1e6))\nfull total=0\n")
            }
        }
    }

    /// Runs `body` with a service that has no threads.
    private func withService(
        hasSystemFile: Bool = true, hasOwnFile: Bool = true, _ body: (HashingService, Pressure) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let catalog = try ModelCatalog.open(directory: directory)
            let pressure = Pressure(system: directory.appending("all"), own: directory.appending("own"))
            if hasSystemFile { try pressure.say(all: 0, own: 0) }
            let surroundings = HashingService.Surroundings(
                catalog: catalog, events: EventLog(), logger: Logger(level: .debug, handler: MemoryHandler()),
                options: { IndexingSettings(roots: []).options },
                readable: { ReadablePlaces(roots: [], offline: []) }, lookAgain: { _ in }, reads: {}, hangs: { _ in },
                progressed: {}, pauseIsOver: {}, databaseFailed: { _ in })
            let service = HashingService(
                capacity: 8, surroundings: surroundings, systemPressureFile: pressure.system,
                ownPressureFile: hasOwnFile ? pressure.own : nil)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(service, pressure)) } catch { outcome = .failure(error) }
            try await onThread { catalog.close() }
            try outcome.get()
        }
    }
}
