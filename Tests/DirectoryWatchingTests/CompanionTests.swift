import Glibc
import LinuxSystem
import Logging
import Synchronization
import TestSupport
import Testing

@testable import DirectoryWatching

/// Files that lie beside others and say something of them.
@Suite(.timeLimit(.minutes(1))) struct CompanionTests {
    /// `a.note` belongs to `a.safetensors`; `a.x.note` to that and to `a.x.safetensors`.
    private static let names = WatchedNames(
        isReported: WatcherFixture.names.isReported, isIgnored: WatcherFixture.names.isIgnored,
        marked: WatcherFixture.names.marked,
        stems: { name in
            guard name.suffix(5) == Array(".note".utf8) else { return [] }
            let stem = Array(name.dropLast(5))
            return stem.suffix(2) == Array(".x".utf8) ? [stem, Array(stem.dropLast(2))] : [stem]
        },
        stem: { name in name.lastIndex(of: UInt8(ascii: ".")).map { Array(name[..<$0]) } ?? name })

    /// What the listing of a directory tells to lie beside its files.
    private func companions(
        _ fixture: WatcherFixture, _ path: FilePath? = nil, followsLinks: Bool = true,
        resolve: (@Sendable (FilePath) -> PathResolution)? = nil
    ) -> [String] {
        var rules = TreeWalkRules(names: Self.names)
        if let resolve { rules.resolve = resolve }
        rules.followsLinks = followsLinks
        var record = WalkRecord()
        let path = path ?? fixture.root
        TreeWalker(watcher: fixture.watcher, rules: rules).walk(
            path, realPath: WatcherFixture.realPath(path), recursive: false, visitor: &record)
        #expect(record.unreadable.isEmpty && record.failures.isEmpty)
        return record.listed.flatMap { $0.companions.map { escapedText($0.name) } }
    }

    @Test func onlyWhatLiesBesideAFileOfItsStemIsListed() async throws {
        try await withWatcher { fixture in
            let names = [
                "a.safetensors", "a.note", "a.x.note", "b.note", "b.part", ".c.note", "c.safetensors",
                "c.x.safetensors",
                "c.x.note", "other.png", "a.png", "sub/a.note", "sub/b.safetensors",
            ]
            for name in names {
                try makeDirectory(fixture.root.appending(name).parent)
                try writeFile(fixture.root.appending(name), "content")
            }
            #expect(companions(fixture) == ["a.note", "a.x.note", "c.x.note"])
            #expect(companions(fixture, fixture.root.appending("sub")) == [])
        }
    }

    @Test func onlyRegularFilesAreCompanionsAndTheirStatusIsTold() async throws {
        try await withWatcher { fixture in
            let root = fixture.root
            for name in ["directory", "pipe", "dangling", "link", "elsewhere"] {
                try writeFile(root.appending(name + ".safetensors"), "content")
            }
            try makeDirectory(root.appending("directory.note"))
            #expect(unsafe mkfifo(root.appending("pipe.note").description, 0o600) == 0)
            try makeSymbolicLink(root.appending("dangling.note"), to: fixture.outside.appending("nothing"))
            try writeFile(fixture.outside.appending("target"), "a longer content")
            try makeSymbolicLink(root.appending("link.note"), to: fixture.outside.appending("target"))
            #expect(companions(fixture) == ["link.note"])
            #expect(companions(fixture, followsLinks: false) == [])
            // A link that leads to a mount which is not the walk's to enter is not asked about.
            let mount = try #require(MountTable(MountTable.currentBytes()).mounts.first)
            #expect(companions(fixture, resolve: { _ in .elsewhere(mount) }) == [])
        }
    }

    @Test func whatHappensToThemIsReported() async throws {
        try await withTemporaryDirectory { directory in
            let told = Told()
            let root = directory.appending("root")
            try makeDirectory(root)
            try makeDirectory(directory.appending("run"))
            let watcher = try DirectoryWatcher(
                names: Self.names, timing: ChangeSettling.Timing(settle: 1_000_000), logger: .silent
            ) { told.add($0) }
            try watcher.useCookieDirectory(directory.appending("run"))
            try watcher.start()
            defer { watcher.stop() }
            var record = WalkRecord()
            TreeWalker(watcher: watcher, rules: TreeWalkRules(names: Self.names)).walk(
                root, realPath: WatcherFixture.realPath(root), recursive: true, visitor: &record)
            let note = root.appending("a.note")
            // Whether or not there is a file that it belongs to: that may come later.
            try writeFile(note, "text")
            try await told.wait(for: note) { $0 == .settled }
            removeFile(note)
            try await told.wait(for: note) { $0 == .gone }
            try writeFile(directory.appending("new"), "text")
            try renameFile(directory.appending("new"), note)
            try await told.wait(for: note) { $0 != .gone }
            for name in ["a.png", "note", ".a.note", "a.note.part"] {
                try writeFile(root.appending(name), "text")
                removeFile(root.appending(name))
            }
            try writeFile(root.appending("last.note"), "text")
            try await told.wait(for: root.appending("last.note")) { $0 == .settled }
            #expect(told.paths == [note, root.appending("last.note")])
        }
    }
}

/// The files that were reported.
private final class Told: Sendable {
    private let files = Guarded<[(path: FilePath, hint: FileHint)]>([])

    var paths: Set<FilePath> { Set(files.value.map(\.path)) }

    func add(_ changes: [DirectoryChange]) {
        files.change { files in
            for case .file(let path, let hint) in changes { files.append((path, hint)) }
        }
    }

    /// Waits until something of the path has been told that fits, and forgets what was told of it before.
    func wait(for path: FilePath, _ fits: @escaping @Sendable (FileHint) -> Bool) async throws {
        let files = files
        let hasCome = try await onOwnThread("wait-told") {
            files.wait { $0.contains { $0.path == path && fits($0.hint) } }
        }
        #expect(hasCome, "\(path): \(files.value)")
        files.change { $0 = $0.map { ($0.path, $0.path == path ? FileHint.attributes : $0.hint) } }
    }
}

/// A value that a thread changes and another waits for.
private final class Guarded<Value: Sendable>: Sendable {
    private let held: Mutex<Value>
    private let condition = Condition()

    init(_ value: Value) { held = Mutex(value) }

    var value: Value { held.withLock { $0 } }

    func change(_ body: (inout sending Value) -> Void) {
        held.withLock { body(&$0) }
        condition.broadcast()
    }

    /// False when it does not come.
    func wait(_ isMet: (Value) -> Bool) -> Bool {
        condition.wait(until: .now.advanced(milliseconds: 60_000)) { held.withLock { isMet($0) } }
    }
}
