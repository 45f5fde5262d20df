import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import Catalog
@testable import Hashing
@testable import Indexing

private let mebibyte = 1 << 20

/// Drives that fail, or do not answer, in the middle of a file, while the directory and the beginnings of files answer.
///
/// The files have names of a format whose header lies at the beginning: a look at others reads their ends, too.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: FaultyDrive.isPossible, "to mount a drive with faults needs root and fuse"))
struct FaultyDriveTests {
    @Test func aReadErrorIsToldWithItsPlaceAndTriedAgain() async throws {
        let offset = 3 * mebibyte + 123
        try await withDrive(["a.safetensors": 5 * mebibyte, "b.safetensors": 1000]) {
            $0.setFault(.fails(from: offset), of: "a.safetensors")
        } body: { fixture, drive in
            try await fixture.sync()
            let broken = try #require(try fixture.file(at: drive.path.appending("a.safetensors")))
            #expect(broken.state == .error)
            #expect(broken.error == "\(broken.path) at byte \(offset): Input/output error (read)")
            #expect(try fixture.file(at: drive.path.appending("b.safetensors"))?.state == .indexed)
            #expect(try fixture.file("a.safetensors")?.state == .indexed)
            let now = Timestamp.text(nanoseconds: WallClock.now)
            #expect(try fixture.waitingJobs(broken.id, at: now).isEmpty)
            #expect(try fixture.waitingJobs(broken.id, at: "9999").map(\.attempts) == [1])

            drive.setFault(nil, of: "a.safetensors")
            try await fixture.tryAgain()
            try await fixture.sync()
            let mended = try #require(try fixture.file(at: broken.path))
            #expect(mended.state == .indexed)
            #expect(mended.error?.contains("error (read)") != true)
            #expect(try mended.digests == fixture.file("a.safetensors")?.digests)
        }
    }

    @Test(arguments: ["fuse", "fuse.sshfs"])
    func aReadWithoutAnAnswerIsGivenUpAndOthersGoOn(type: String) async throws {
        try await withDrive(
            ["a.safetensors": 3 * mebibyte, "b.safetensors": 4 * mebibyte, "c.safetensors": 5 * mebibyte], type: type
        ) {
            $0.setFault(.hangs(from: mebibyte), of: "a.safetensors")
        } body: { fixture, drive in
            try await drive.expectHanging(1)
            // A server is read by one reader at a time: the others come after it.
            let others = type == "fuse" ? ["b.safetensors", "c.safetensors"].map { drive.path.appending($0) } : []
            try await fixture.wait { fixture in
                try ([fixture.path("a.safetensors")] + others).allSatisfy {
                    try fixture.file(at: $0)?.state == .indexed
                }
            }
            try await fixture.giveUpWhatHangs(1)
            try await fixture.wait { fixture in
                try ["b.safetensors", "c.safetensors"].allSatisfy {
                    try fixture.file(at: drive.path.appending($0))?.state == .indexed
                } && fixture.file(at: drive.path.appending("a.safetensors"))?.state == .error
            }
            let hung = try #require(try fixture.file(at: drive.path.appending("a.safetensors")))
            #expect(hung.error?.hasPrefix("Its drive has not answered for ") == true)
            #expect(try fixture.waitingJobs(hung.id, at: "9999").map(\.attempts) == [1])
            #expect(drive.readsHeld == 1)

            drive.setFault(nil, of: "a.safetensors")
            try await fixture.tryAgain()
            try await fixture.sync()
            let read = try #require(try fixture.file(at: hung.path))
            #expect(read.state == .indexed)
            #expect(try read.digests == fixture.file("a.safetensors")?.digests)
        }
    }

    @Test(arguments: [1, 2])
    func fewReadingsHangHoweverManyFilesLieThere(workers: Int) async throws {
        let files: KeyValuePairs = [
            "a.safetensors": 3_000_000, "b.safetensors": 3_000_001, "c.safetensors": 3_000_002,
            "d.safetensors": 3_000_003, "e.safetensors": 3_000_004,
            "f.safetensors": 3_000_005,
            "g.safetensors": 3_000_006, "h.safetensors": 3_000_007,
        ]
        // As many as the threads can have at once may be begun before anybody knows that the drive hangs.
        let most = workers * 2
        try await withDrive(files, workers: workers) { drive in
            for file in files { drive.setFault(.hangs(from: mebibyte), of: file.key) }
        } body: { fixture, drive in
            try await drive.expectHanging(most)
            try await fixture.giveUpWhatHangs(most)
            // The threads go on with what lies elsewhere, and leave the rest of the drive alone.
            try writeModel(fixture.path("new.safetensors"))
            try await fixture.wait { fixture in
                try ["new.safetensors", "a.safetensors"].allSatisfy { try fixture.file($0)?.state == .indexed }
            }
            let states = try files.map { try #require(try fixture.file(at: drive.path.appending($0.key))).state }
            #expect(states.count { $0 == .error } == most)
            #expect(states.count { $0 == .pending } == files.count - most)
            #expect((drive.readsHeld, drive.mostReadsHeld) == (most, most))

            for file in files { drive.setFault(nil, of: file.key) }
            try await fixture.tryAgain()
            try await fixture.sync()
            #expect(try fixture.states().values.allSatisfy { $0 == .indexed })
            #expect(drive.mostReadsHeld == most)
        }
    }

    @Test(arguments: [false, true])
    func anIndexEndsWhileAReadHangs(isSilent: Bool) async throws {
        try await withDrive(["a.safetensors": 3 * mebibyte]) {
            $0.setFault(.hangs(from: mebibyte), of: "a.safetensors")
        } body: { _, drive in
            try await drive.expectHanging(1)
            drive.setSilent(isSilent)
        } afterwards: { drive in
            #expect(drive.readsHeld == 1)
        }
    }

    @Test func aFileThatShrinksWhileItIsReadIsLookedAtAgain() async throws {
        try await withDrive(["a.safetensors": 5 * mebibyte, "b.safetensors": mebibyte]) {
            $0.setFault(.shrinks(from: 3 * mebibyte, to: 2 * mebibyte + 5), of: "a.safetensors")
        } body: { fixture, drive in
            let path = drive.path.appending("a.safetensors")
            try await fixture.wait { try $0.file(at: path)?.state == .indexed }
            let file = try #require(try fixture.file(at: path))
            #expect(file.size == 2 * Int64(mebibyte) + 5)
            try writeModel(fixture.path("a.safetensors"), drive.content(of: "a.safetensors"))
            try await fixture.sync()
            #expect(try file.digests == fixture.file("a.safetensors")?.digests)
            #expect(try fixture.file(at: drive.path.appending("b.safetensors"))?.state == .indexed)
        }
    }

    @Test func aReadingThatBeginsWhenAllIsQuietIsWatchedToo() async throws {
        try await withDrive(["a.safetensors": 3 * mebibyte]) {
            $0.setFault(.fails(from: mebibyte), of: "a.safetensors")
        } body: { fixture, drive in
            try await fixture.sync()
            // What was watched has come to an end.
            let indexer = fixture.indexer
            try await onThread { indexer.checkForSilence() }
            #expect(!indexer.state.withLock { $0.isWatchingForSilence })
            drive.setFault(.hangs(from: mebibyte), of: "a.safetensors")
            try await fixture.tryAgain()
            try await drive.expectHanging(1)
            try await eventually { indexer.state.withLock { $0.isWatchingForSilence } }
        }
    }

    @Test func aReadingHasItsFullTimeWhateverBecameOfTheOneBefore() async throws {
        try await withDrive(["a.safetensors": 100_000], workers: 1) {
            $0.setFault(.hangs(from: 50_000), of: "a.safetensors")
        } body: { fixture, drive in
            try await drive.expectHanging(1)
            let hashing = try #require(fixture.indexer.running).hashing
            try await eventually { hashing.readingFiles.count == 1 }
            _ = hashing.checkForHangingReads()
            hashing.cancel(within: drive.path)
            try await drive.expectHanging(2)
            _ = hashing.checkForHangingReads()
            let readings = hashing.state.withLock { Array($0.readings.values) }
            // The copy in the library may still be read, too.
            let ofDrive = readings.filter { $0.path.isWithin(drive.path) }
            #expect(ofDrive.map(\.control.isCancelled) == [false])
        }
    }

    @Test func filesOfADriveThatHangsKeepNobodyFromLookingForOthers() async throws {
        try await withDrive(
            ["a.safetensors": 3_000_000, "b.safetensors": 3_000_001, "c.safetensors": 100_002], workers: 1
        ) { drive in
            for name in ["a.safetensors", "b.safetensors", "c.safetensors"] {
                drive.setFault(.hangs(from: 50_000), of: name)
            }
        } body: { fixture, drive in
            try await drive.expectHanging(2)
            try await fixture.giveUpWhatHangs(2)
            let hashing = try #require(fixture.indexer.running).hashing
            // The third waits in the window; what failed is known to be due at its time all the same.
            try await eventually {
                hashing.state.withLock { $0.queue.depth == 1 && !$0.queue.mayBeIncomplete }
            }
        }
    }
}

extension IndexerFixture {
    /// The file as a job, if it may be read at that time.
    fileprivate func waitingJobs(_ id: Int64, at time: String) throws -> [HashJob] {
        let roots = indexer.readablePlaces.roots
        return try catalog.read { try $0.hashJobs(ofFiles: [id], now: time, ofRoots: roots) }
    }

    /// Lets the time of the next attempt come for all files in error.
    fileprivate func tryAgain() async throws {
        let (catalog, indexer) = (catalog, indexer)
        try await onThread {
            let errors = try catalog.read { try $0.files(FileFilter(), limit: 1000) }.filter { $0.state == .error }
            try catalog.write { writer in for file in errors { try writer.retry(file.id, at: "2000") } }
            indexer.running?.hashing.wake()
        }
    }

    /// Gives up what is being read, which must be nothing but readings that hang.
    fileprivate func giveUpWhatHangs(_ count: Int) async throws {
        let hashing = try #require(indexer.running).hashing
        try await eventually { hashing.readingFiles.count == count }
        let hanging = hashing.readingFiles
        // The second look finds them where the first one did. A third might find others that have only begun.
        for _ in 0..<2 { _ = hashing.checkForHangingReads() }
        try await eventually { hashing.readingFiles.isDisjoint(with: hanging) }
    }
}

extension FaultyDrive {
    /// Waits until so many readings hang.
    fileprivate func expectHanging(_ count: Int) async throws {
        let isSo = try await onThread { self.waitUntil(readsHeld: count) }
        #expect(isSo)
    }
}

/// Runs `body` with an index of a drive with these files, and of a library on another one that has a copy of `a.safetensors`.
private func withDrive(
    _ files: KeyValuePairs<String, Int>, type: String = "fuse", workers: Int = 2,
    prepare: (FaultyDrive) -> Void, body: (IndexerFixture, FaultyDrive) async throws -> Void,
    afterwards: (FaultyDrive) throws -> Void = { _ in }
) async throws {
    try await withTemporaryDirectory { directory in
        let library = directory.appending("library")
        let mountPoint = directory.appending("drive")
        try makeDirectory(mountPoint)
        let drive = try FaultyDrive(mountPoint, files: files, type: type)
        do {
            try writeModel(library.appending("a.safetensors"), drive.content(of: "a.safetensors"))
            prepare(drive)
            var settings = IndexerFixture.settings([mountPoint, library])
            settings.workers = workers
            // Tests look for readings that hang when nothing else is read, and need not wait.
            settings.readSilence = 1
            try await withIndexer(directory, settings) { try await body($0, drive) }
            try afterwards(drive)
        } catch {
            try await onThread { drive.end() }
            throw error
        }
        try await onThread { drive.end() }
    }
}
