import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Which files the catalogue hands out to be read, and when.
@Suite struct HashJobTests {
    private let soon = "2025-01-01T00:01:00.000Z"

    @Test func theSmallestComeFirst() async throws {
        try await withCatalog { fixture in
            let large = try fixture.add("large", .sample(size: 300, inode: 1))
            let small = try fixture.add("small", .sample(size: 1, inode: 2))
            let alsoSmall = try fixture.add("also", .sample(size: 1, inode: 3))
            #expect(try fixture.jobs().map(\.fileID) == [small, alsoSmall, large])
            #expect(try fixture.jobs(limit: 2).map(\.fileID) == [small, alsoSmall])
            #expect(try fixture.jobs(without: [small, large]).map(\.fileID) == [alsoSmall])
        }
    }

    @Test func aJobSaysWhatIsToBeRead() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a", .sample(size: 5, modified: -1, inode: .max))
            let job = HashJob(
                fileID: id, path: FilePath("/m/a"), rootID: fixture.root.id,
                contentID: try fixture.known(id)?.contentID,
                size: 5, modified: -1, inode: .max, device: FileStatus.sample().device, attempts: 0, purpose: .first)
            #expect(try fixture.jobs() == [job])
        }
    }

    @Test func whatIsHeldMissingReadOrOfflineIsNotHandedOut() async throws {
        try await withCatalog { fixture in
            try fixture.add("held", .sample(inode: 1), held: true)
            let missing = try fixture.add("missing", .sample(inode: 2))
            try fixture.write { try $0.markMissing([missing], at: Fixture.now) }
            try fixture.addIndexed("read", .sample("aa"), .sample(inode: 3))
            #expect(try fixture.jobs() == [])
            try fixture.add("waiting", .sample(inode: 4))
            #expect(try fixture.jobs().count == 1)
            #expect(try fixture.jobs(roots: []) == [])
            #expect(try fixture.jobs(roots: [fixture.root.id + 1]) == [])
        }
    }

    @Test func aFileThatIsNotCompleteIsNotSoWhenItGivesItsPathAway() async throws {
        try await withCatalog { fixture in
            let held = try fixture.add("held", .sample(inode: 1), held: true)
            let other = try fixture.add("other", .sample(inode: 2))
            let arrived = fixture.observe("held", .sample(inode: 2))
            try fixture.write { try $0.move(other, to: arrived, displacing: held, at: Fixture.now) }
            // Its inode is found under the other path, as after an exchange of the two.
            let back = fixture.observe("other", .sample(inode: 1))
            try fixture.write { try $0.keepContent(of: held, back, readAgain: false, at: Fixture.now) }
            #expect(try fixture.jobs().map(\.fileID) == [other])
        }
    }

    @Test func aFileThatFailedIsTriedAgainWhenItsTimeHasCome() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a")
            let soon = soon
            try fixture.write {
                try $0.noteTrouble(id, "Input/output error.", unread: true, nextAttempt: soon, at: Fixture.now)
            }
            #expect(try fixture.state(id) == .error)
            #expect(try fixture.details(id)?.error == "Input/output error.")
            #expect(try fixture.jobs() == [])
            #expect(try nextAttempt(fixture) == soon)
            #expect(try fixture.jobs(now: soon).map(\.attempts) == [1])
            #expect(try fixture.jobs(now: soon).map(\.contentID) == [fixture.known(id)?.contentID])

            try fixture.write { try $0.retry(id, at: Fixture.now) }
            #expect(try fixture.state(id) == .pending)
            #expect(try fixture.jobs().map(\.fileID) == [id])
            #expect(try nextAttempt(fixture) == nil)
        }
    }

    @Test func whatCannotBeTriedNowSetsNoAlarm() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a")
            let soon = soon
            try fixture.write { try $0.postpone(id, until: soon) }
            #expect(try nextAttempt(fixture) == soon)
            #expect(try nextAttempt(fixture, without: [id]) == nil)
            #expect(try nextAttempt(fixture, roots: []) == nil)
        }
    }

    @Test func whatIsPutOffIsNotDone() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a")
            let soon = soon
            #expect(try fixture.read { try $0.heldPaths(ofRoots: [fixture.root.id], limit: 9) } == [])
            try fixture.write { try $0.postpone(id, until: soon) }
            #expect(try fixture.read { try $0.heldPaths(ofRoots: [fixture.root.id], limit: 9) }.count == 1)
        }
    }

    @Test func aSecondReadingComesAfterEverythingElse() async throws {
        try await withCatalog { fixture in
            let doubtful = try fixture.addIndexed("a", .sample("aa"))
            let file = fixture.observe("a", .sample(changed: 9))
            try fixture.write { try $0.keepContent(of: doubtful, file, readAgain: true, at: Fixture.now) }
            let waiting = try fixture.add("b", .sample(size: 1 << 40, inode: 2))
            #expect(try fixture.jobs().map(\.fileID) == [waiting])
            #expect(try fixture.jobs(without: [waiting]).map(\.fileID) == [doubtful])
            #expect(try fixture.jobs(without: [waiting]).map(\.purpose) == [.again])
            #expect(try fixture.jobs(without: [waiting, doubtful]) == [])
            #expect(try fixture.jobs(without: [waiting], roots: []) == [])
        }
    }

    @Test func aSecondReadingCanBePostponedToo() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", .sample("aa"))
            let file = fixture.observe("a", .sample(changed: 9))
            let soon = soon
            try fixture.write {
                try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now)
                try $0.postpone(id, until: soon)
            }
            #expect(try fixture.jobs() == [])
            #expect(try nextAttempt(fixture) == soon)
            #expect(try fixture.jobs(now: soon).map(\.fileID) == [id])
        }
    }

    @Test func aSecondReadingThatFailedIsNotedAndTriedLater() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", .sample("aa"))
            let file = fixture.observe("a", .sample(changed: 9))
            let soon = soon
            try fixture.write {
                try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now)
                try $0.noteTrouble(id, "It cannot be read.", unread: false, nextAttempt: soon, at: Fixture.now)
            }
            #expect(try fixture.state(id) == .indexed)
            #expect(try fixture.details(id)?.digests.sha256 == ContentDigests.sample("aa").sha256)
            #expect(try fixture.jobs() == [])
            #expect(try fixture.jobs(now: soon).map(\.fileID) == [id])
        }
    }

    private func nextAttempt(_ fixture: Fixture, without: Set<Int64> = [], roots: Set<Int64>? = nil) throws -> String? {
        let roots = roots ?? [fixture.root.id]
        return try fixture.read {
            try $0.nextAttempt(withoutFiles: without, ofRoots: roots, purposes: HashJob.Purpose.allCases)
        }
    }
}
