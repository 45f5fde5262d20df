import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// The part of the user's watches that is taken, and what lies beyond it.
@Suite(.timeLimit(.minutes(1))) struct WatchLimitTests {
    private func watch(_ path: FilePath, _ fixture: WatcherFixture) throws -> DirectoryWatcher.WatchOutcome {
        let directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        return fixture.watcher.watch(
            directory: directory.number, path: path, identity: DirectoryIdentity(try directory.status()))
    }

    @Test func directoriesBeyondTheLimitAreKnownAndNotWatched() async throws {
        try await withWatcher(watchLimit: 3) { fixture in
            let names = ["a", "b", "c", "d"].map { fixture.root.appending($0) }
            for name in names { try makeDirectory(name) }
            #expect(fixture.watcher.watchLimit == 3)
            fixture.walk()
            #expect(fixture.watcher.counts(below: fixture.root) == (5, 2))
            #expect(fixture.watcher.unwatchedDirectories(below: fixture.root) == Array(names[2...]))
            #expect(fixture.watcher.unwatchedDirectories(below: names[3]) == [names[3]])
            #expect(fixture.watcher.unwatchedDirectories(below: names[0]) == [])
            #expect(fixture.watcher.unwatchedDirectories(below: fixture.outside) == [])
            #expect(try watch(names[3], fixture) == .limitReached)
            // One that has its watch keeps it, however often it is walked.
            #expect(try watch(names[0], fixture) == .watched)
            // And what gets free is taken.
            fixture.watcher.forget(names[0])
            #expect(try watch(names[3], fixture) == .watched)
            #expect(fixture.watcher.unwatchedDirectories(below: fixture.root) == [names[2]])
        }
    }

    @Test func followedNamesCountToo() async throws {
        try await withWatcher(watchLimit: 2) { fixture in
            fixture.walk()
            func follow(_ name: String, in path: FilePath, as subject: String) throws -> DirectoryWatcher.WatchOutcome {
                let directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
                return fixture.watcher.follow(
                    name: Array(name.utf8), in: directory.number, shown: path,
                    as: fixture.root.appending(subject), kind: .file)
            }
            let more = fixture.outside.appending("more")
            try makeDirectory(more)
            #expect(try follow("x", in: fixture.outside, as: "a") == .watched)
            // The same directory needs no second watch, and one of the tree none of its own.
            #expect(try follow("y", in: fixture.outside, as: "b") == .watched)
            #expect(try follow("z", in: fixture.root, as: "c") == .watched)
            #expect(try follow("x", in: more, as: "d") == .limitReached)
            fixture.watcher.unfollow(fixture.root.appending("a"))
            #expect(try follow("x", in: more, as: "d") == .limitReached)
            fixture.watcher.unfollow(fixture.root.appending("b"))
            #expect(try follow("x", in: more, as: "d") == .watched)
        }
    }

    @Test func aFifthOfTheWatchesIsLeftToOthers() {
        func watches(_ text: String) -> Int? { WatchBudget.watches(ofSetting: Array(text.utf8)) }
        #expect(watches("8192\n") == 6553)
        #expect(watches("0\n") == 0)
        #expect(watches("1") == 0)
        #expect(watches("\(Int.max)\n") == Int.max / 100 * 80 + Int.max % 100 * 80 / 100)
        for text in ["", "\n", "many\n", "-5\n", "99999999999999999999\n"] { #expect(watches(text) == nil, "\(text)") }
    }

    @Test func settingThatCannotBeReadIsNoLimit() async throws {
        try await withTemporaryDirectory { directory in
            let setting = directory.appending("max_user_watches")
            #expect(WatchBudget.ofSystem(setting) == nil)
            try writeFile(setting, "1000\n")
            #expect(WatchBudget.ofSystem(setting) == 800)
        }
    }

    @Test(arguments: [EMFILE, ENFILE]) func missingInstanceNamesTheSetting(code: Int32) {
        let error = InotifyInstance.explained(SystemError(Errno(rawValue: code), call: "inotify_init1"))
        #expect(error.errno.rawValue == code)
        #expect(error.description.contains("fs.inotify.max_user_instances"))
        let other = SystemError(.invalidArgument, call: "inotify_init1")
        #expect(InotifyInstance.explained(other) == other)
    }
}
