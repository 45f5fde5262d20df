import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// Names outside of the tree whose events are told as those of something in it.
@Suite(.timeLimit(.minutes(1))) struct FollowingTests {
    private let name = Array("x.safetensors".utf8)

    /// Follows a name in a directory, and says how that went.
    @discardableResult
    private func follow(
        _ path: FilePath, as subject: FilePath, _ kind: FollowedKind, _ fixture: WatcherFixture
    ) throws -> DirectoryWatcher.WatchOutcome {
        let directory = try FileDescriptor.open(path.parent, O_RDONLY | O_DIRECTORY)
        return fixture.watcher.follow(
            name: path.name, in: directory.number, shown: path.parent, as: subject, kind: kind)
    }

    /// A link in the tree to a file outside of it, which is followed.
    private func withLink(
        settle: Int64 = 3_600_000_000_000,
        _ body: (WatcherFixture, _ link: FilePath, _ target: FilePath) async throws -> Void
    ) async throws {
        try await withWatcher(settle: settle) { fixture in
            let (link, target) = (fixture.root.appending("link.safetensors"), fixture.outside.appending(name))
            try writeFile(target, "content")
            try makeSymbolicLink(link, to: target)
            fixture.walk()
            #expect(try follow(target, as: link, .file, fixture) == .watched)
            try await body(fixture, link, target)
        }
    }

    // MARK: - Files

    @Test func whatHappensToATargetIsToldOfTheLink() async throws {
        try await withLink { fixture, link, target in
            chmodPath(target, 0o600)
            #expect(try await fixture.changes() == [.file(link, .attributes)])
            let writer = try openForWriting(target)
            try writer.writeAll([1], shown: target)
            #expect(try await fixture.changes() == [.file(link, .writing)])
            #expect(fixture.watcher.isBeingWritten(link))
            removeFile(target)
            #expect(try await fixture.changes() == [.file(link, .gone)])
        }
    }

    @Test func targetThatIsWrittenSettlesAsTheLink() async throws {
        try await withLink(settle: 1_000_000) { fixture, link, target in
            try writeFile(target, "other content")
            let changes = await fixture.changes { $0 == .file(link, .settled) }
            #expect(changes.allSatisfy { if case .file(link, _) = $0 { true } else { false } })
        }
    }

    @Test func targetThatIsReplacedArrivesAsTheLink() async throws {
        try await withLink { fixture, link, target in
            let new = target.parent.appending("new")
            try writeFile(new, "new content")
            #expect(try await fixture.changes().isEmpty)
            try renameFile(new, target)
            #expect(try await fixture.changes() == [.file(link, .arrived)])
            try renameFile(target, new)
            #expect(try await fixture.changes() == [.file(link, .gone)])
        }
    }

    @Test func othersBesideATargetSayNothing() async throws {
        try await withLink { fixture, link, target in
            try writeFile(target.parent.appending("y.safetensors"), "content")
            try makeDirectory(target.parent.appending("deep"))
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 0))
        }
    }

    @Test func endOfAnUnfinishedMarkBesideATargetReleasesTheLink() async throws {
        try await withLink { fixture, link, target in
            let mark = target.parent.appending(target.name + Array(".aria2".utf8))
            try writeFile(mark, "progress")
            #expect(try await fixture.changes().isEmpty)
            removeFile(mark)
            #expect(try await fixture.changes() == [.file(link, .writing)])
        }
    }

    @Test func directoryInPlaceOfATargetIsLookedInto() async throws {
        try await withLink { fixture, link, target in
            removeFile(target)
            try makeDirectory(target)
            let changes = try await fixture.changes()
            #expect(changes.contains(.directory(link, recursive: true)))
        }
    }

    @Test func endOfTheDirectoryOfATargetIsToldOfTheLink() async throws {
        try await withLink { fixture, link, target in
            try renameFile(fixture.outside, fixture.root.parent.appending("elsewhere"))
            #expect(try await fixture.changes() == [.file(link, .gone)])
            removeTree(fixture.root.parent.appending("elsewhere"))
            #expect(try await Set(fixture.changes()) == [.file(link, .gone)])
            // And it can be followed again, where it is.
            try makeDirectory(fixture.outside)
            #expect(try follow(target, as: link, .file, fixture) == .watched)
            try writeFile(target, "content")
            #expect(try await fixture.changes() == [.file(link, .writing)])
        }
    }

    @Test func twoLinksToOneFileAreBothTold() async throws {
        try await withLink { fixture, link, target in
            let second = fixture.root.appending("second.safetensors")
            try follow(target, as: second, .file, fixture)
            try renameFile(target, fixture.outside.appending("away"))
            #expect(try await Set(fixture.changes()) == [.file(link, .gone), .file(second, .gone)])
            try renameFile(fixture.outside.appending("away"), target)
            #expect(try await Set(fixture.changes()) == [.file(link, .arrived), .file(second, .arrived)])
        }
    }

    @Test func targetInTheTreeIsToldUnderBothNames() async throws {
        try await withWatcher { fixture in
            let (link, target) = (fixture.root.appending("link.safetensors"), fixture.root.appending(name))
            try writeFile(target, "content")
            fixture.walk()
            try follow(target, as: link, .file, fixture)
            // A file that follows itself is told once.
            try follow(target, as: target, .file, fixture)
            let writer = try openForWriting(target)
            try writer.writeAll([1], shown: target)
            #expect(try await Set(fixture.changes()) == [.file(link, .writing), .file(target, .writing)])
            // An open writer is followed across a rename under both.
            let moved = fixture.root.appending("moved.safetensors")
            try follow(moved, as: fixture.root.appending("link2.safetensors"), .file, fixture)
            try renameFile(target, moved)
            _ = try await fixture.changes()
            #expect(fixture.watcher.isBeingWritten(moved))
            #expect(fixture.watcher.isBeingWritten(fixture.root.appending("link2.safetensors")))
        }
    }

    // MARK: - Directories

    @Test func stepOnTheWayToAnAbsentRootIsListedWhateverHappensToIt() async throws {
        try await withWatcher { fixture in
            let root = fixture.outside.appending("mnt/models")
            let step = fixture.outside.appending("mnt")
            #expect(try follow(step, as: root, .directory, fixture) == .watched)
            let listing: Set<DirectoryChange> = [.directory(root, recursive: true)]
            try makeDirectory(step)
            #expect(try await Set(fixture.changes()) == listing)
            // Other rights may close it, and say nothing of what lies below it.
            let look: Set<DirectoryChange> = [.directory(root, recursive: false)]
            chmodPath(step, 0o700)
            #expect(try await Set(fixture.changes()) == look)
            try renameFile(step, fixture.outside.appending("other"))
            #expect(try await Set(fixture.changes()) == listing)
            try renameFile(fixture.outside.appending("other"), step)
            #expect(try await Set(fixture.changes()) == listing)
            // What happens below it is not this name's.
            try makeDirectory(root)
            #expect(try await fixture.changes().isEmpty)
            removeTree(step)
            #expect(try await Set(fixture.changes()) == listing)
            try makeSymbolicLink(step, to: fixture.root)
            #expect(try await Set(fixture.changes()) == listing)
            chmodPath(fixture.outside, 0o700)
            #expect(try await Set(fixture.changes()) == look)
            removeTree(fixture.outside)
            #expect(try await Set(fixture.changes()) == listing)
        }
    }

    // MARK: - Watches that are shared

    @Test func unfollowedNameIsSilent() async throws {
        try await withLink { fixture, link, target in
            fixture.watcher.unfollow(link)
            chmodPath(target, 0o600)
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.watchCount == 1)
            try follow(target, as: link, .file, fixture)
            fixture.watcher.unfollow(below: fixture.root)
            chmodPath(target, 0o644)
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.watchCount == 1)
        }
    }

    @Test func watchLastsWhileTheTreeOrANameNeedsIt() async throws {
        try await withLink { (fixture, link, target) async throws in
            fixture.walk(fixture.outside)
            #expect(fixture.watcher.watchCount == 2)
            // The tree goes, the name stays.
            fixture.watcher.forget(fixture.outside)
            chmodPath(target, 0o600)
            #expect(try await fixture.changes() == [.file(link, .attributes)])
            // The name goes, the tree stays.
            fixture.walk(fixture.outside)
            fixture.watcher.unfollow(link)
            chmodPath(target, 0o644)
            #expect(try await fixture.changes() == [.file(target, .attributes)])
            fixture.watcher.forget(fixture.outside)
            chmodPath(target, 0o600)
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.watchCount == 1)
        }
    }

    @Test func nameInAPolledDirectoryIsFollowedByEvents() async throws {
        try await withWatcher { fixture in
            let target = fixture.root.appending(name)
            let link = fixture.root.appending("link.safetensors")
            fixture.walk(usesEvents: false)
            #expect(try follow(target, as: link, .file, fixture) == .watched)
            try writeFile(target, "content")
            #expect(try await fixture.changes() == [.file(link, .writing)])
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 1))
        }
    }

    @Test func nameInAFileCannotBeFollowed() async throws {
        try await withWatcher { fixture in
            let plain = fixture.outside.appending("plain")
            try writeFile(plain, "content")
            let file = try FileDescriptor.open(plain, O_RDONLY)
            let outcome = fixture.watcher.follow(
                name: name, in: file.number, shown: plain, as: fixture.root, kind: .directory)
            #expect(
                outcome == .failed(SystemError(.notDirectory, call: "inotify_add_watch", subject: plain.description)))
            let closed = fixture.watcher.follow(
                name: name, in: -1, shown: plain, as: fixture.root, kind: .directory)
            guard case .failed = closed else {
                Issue.record("\(closed)")
                return
            }
        }
    }
}
