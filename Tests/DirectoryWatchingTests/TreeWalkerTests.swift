import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// What a walk lists, follows, passes over and cannot read.
@Suite(.timeLimit(.minutes(1))) struct TreeWalkerTests {
    @Test func filesAreListedInBytewiseOrderEachDirectoryBeforeThoseBelow() async throws {
        try await withWatcher { fixture in
            let root = fixture.root
            for name in ["b.safetensors", "B.safetensors", "a.safetensors", "x/2.safetensors", "x/y/3.safetensors"] {
                try makeDirectory(root.appending(name).parent)
                try writeFile(root.appending(name), "content")
            }
            try writeFile(root.appending("notes.txt"), "text")
            let record = fixture.walk()
            let expected: [WalkRecord.Listing] = [
                .init(path: root, names: ["B.safetensors", "a.safetensors", "b.safetensors"]),
                .init(path: root.appending("x"), names: ["2.safetensors"]),
                .init(path: root.appending("x/y"), names: ["3.safetensors"]),
            ]
            #expect(record.listings == expected)
            #expect(record.failures.isEmpty && record.skips.isEmpty && record.unreadable.isEmpty)
            let found = try #require(record.files[root.appending("a.safetensors")])
            #expect(try found.status == FileStatus.of(root.appending("a.safetensors")))
            #expect(!found.isLink)
        }
    }

    @Test func oneDirectoryCanBeListedAloneAndWhatIsNotWatchedBelowIt() async throws {
        try await withWatcher { fixture in
            let (old, new) = (fixture.root.appending("old"), fixture.root.appending("new/deep"))
            try makeDirectory(old)
            fixture.walk()
            try makeDirectory(new)
            #expect(fixture.walk(recursive: false).paths == [fixture.root, new.parent, new])
            #expect(fixture.walk(recursive: false).paths == [fixture.root])
            #expect(fixture.watcher.counts(below: fixture.root) == (4, 0))
        }
    }

    @Test func onlyRegularFilesAreFilesAndDirectoriesAreOneWhateverTheirName() async throws {
        try await withWatcher { fixture in
            let root = fixture.root
            #expect(unsafe mkfifo(root.appending("pipe.safetensors").description, 0o600) == 0)
            try makeSymbolicLink(root.appending("link.safetensors"), to: root.appending("pipe.safetensors"))
            try makeSymbolicLink(root.appending("link"), to: root.appending("pipe.safetensors"))
            try makeDirectory(root.appending("directory.safetensors"))
            try writeFile(root.appending("directory.safetensors/a.safetensors"), "content")
            let record = fixture.walk()
            #expect(record.files.keys.map(\.self) == [root.appending("directory.safetensors/a.safetensors")])
            #expect(record.paths == [root, root.appending("directory.safetensors")])
            #expect(record.failures.isEmpty && record.unreadable.isEmpty)
        }
    }

    @Test func ignoredNamesAreNeitherListedNorEntered() async throws {
        try await withWatcher { fixture in
            for name in [".cache/a.safetensors", "x.part/a.safetensors", "ok/.b.safetensors"] {
                try makeDirectory(fixture.root.appending(name).parent)
                try writeFile(fixture.root.appending(name), "content")
            }
            let record = fixture.walk()
            #expect(record.files.isEmpty)
            #expect(record.paths == [fixture.root, fixture.root.appending("ok")])
            #expect(fixture.watcher.counts(below: fixture.root) == (2, 0))
        }
    }

    @Test func otherRootsInsideAreLeftToThemselves() async throws {
        try await withWatcher { fixture in
            let inner = fixture.root.appending("inner")
            try makeDirectory(inner.appending("deep"))
            let record = fixture.walk(isPlace: { $0 == inner })
            #expect(record.paths == [fixture.root])
            #expect(record.boundaries == [inner: .known])
            #expect(fixture.walk(inner, isPlace: { $0 == inner }).boundaries == [inner: .known])
        }
    }

    /// The mount table that the walk goes by may be older than a mount, and that may hang.
    @Test(
        .enabled(if: PrivateMounts.isPossible, "needs root and the right to make mount namespaces"),
        arguments: [1, 100])
    func whatTheMountTableDoesNotHaveYetIsNotEntered(directories: Int) async throws {
        try await withWatcher { fixture in
            // Of a hundred, most are watched ahead of the walk.
            let names = (0..<directories).map { "d\($0)" }
            for name in names { try makeDirectory(fixture.root.appending(name)) }
            let point = fixture.root.appending("d\(directories / 2)")
            try makeDirectory(point.appending("hidden"))
            let mounts = try PrivateMounts(directory: point)
            try mounts.mount()
            let (watcher, root, namespace) = (fixture.watcher, fixture.root, mounts.process)
            let (whole, single) = try await onOwnThread("walk") {
                try Mounting.enterNamespace(ofProcess: namespace)
                let walker = TreeWalker(watcher: watcher, rules: TreeWalkRules(names: WatcherFixture.names))
                let realPath = WatcherFixture.realPath(root)
                var (whole, single) = (WalkRecord(), WalkRecord())
                walker.walkPlace(root, realPath: realPath, visitor: &whole)
                walker.walk(point, realPath: realPath.appending(point.name), recursive: true, visitor: &single)
                return ((whole.paths.count, whole.boundaries), (single.paths.count, single.boundaries))
            }
            #expect(whole == (directories, [point: .mount]))
            #expect(single == (0, [point: .mount]))
            #expect(!watcher.contains(point))
            withExtendedLifetime(mounts) {}
        }
    }

    @Test func cancelledWalkEndsBeforeTheNextDirectory() async throws {
        try await withWatcher { fixture in
            for index in 0..<10 { try makeDirectory(fixture.root.appending("\(index)")) }
            var visitor = WalkRecord()
            visitor.limit = 3
            #expect(fixture.walk(visitor: visitor).listings.count == 3)
        }
    }

    @Test func tooDeepTreesAreReportedAndNotFollowed() async throws {
        try await withWatcher { fixture in
            var path = fixture.root
            for _ in 0..<140 { path = path.appending("d") }
            try makeDirectory(path)
            let record = fixture.walk()
            #expect(record.listings.count == 128)
            #expect(record.failures.count == 1)
            #expect(record.failures.values.first?.errno == .nameTooLong)
        }
    }

    // MARK: - Links

    @Test func linkToAFileIsAFileWithItsTargetsStatus() async throws {
        try await withWatcher { fixture in
            try writeFile(fixture.outside.appending("real"), "content")
            let link = fixture.root.appending("a.safetensors")
            try makeSymbolicLink(link, to: fixture.outside.appending("real"))
            let found = try #require(fixture.walk().files[link])
            #expect(found.isLink)
            #expect(try found.status == FileStatus.of(fixture.outside.appending("real")))
        }
    }

    @Test func linksAreNotFollowedWhereThatIsOff() async throws {
        try await withWatcher { fixture in
            try writeFile(fixture.outside.appending("a.safetensors"), "content")
            try makeSymbolicLink(fixture.root.appending("directory"), to: fixture.outside)
            try makeSymbolicLink(
                fixture.root.appending("b.safetensors"), to: fixture.outside.appending("a.safetensors"))
            let record = fixture.walk(followsLinks: false)
            #expect(record.paths == [fixture.root])
            #expect(record.files.isEmpty)
            let link = fixture.root.appending("directory")
            let alone = fixture.walk(link, followsLinks: false)
            #expect(alone.paths.isEmpty && alone.boundaries.isEmpty)
            #expect(fixture.walk().files.count == 2)
        }
    }

    @Test func linkToAPlaceInsideTheRootsIsNotWalkedTwice() async throws {
        try await withWatcher { fixture in
            let real = fixture.root.appending("real")
            let link = fixture.root.appending("a-link")
            try makeDirectory(real)
            try writeFile(real.appending("a.safetensors"), "content")
            try makeSymbolicLink(link, to: real)
            let record = fixture.walk()
            #expect(record.paths == [fixture.root, real])
            #expect(record.skips == [link])
            #expect(fixture.walk(link).skips == [link])
        }
    }

    @Test func loopsEndEvenIfNobodyKnowsThatTheyLeadInside() async throws {
        try await withWatcher { fixture in
            let root = fixture.root
            try makeDirectory(root.appending("a/b"))
            try makeSymbolicLink(root.appending("a/b/up"), to: FilePath(".."))
            try makeSymbolicLink(root.appending("a/b/here"), to: FilePath("."))
            try makeSymbolicLink(root.appending("a/b/root"), to: root)
            try makeSymbolicLink(root.appending("itself"), to: FilePath("itself"))
            let record = fixture.walk(isInsideRoots: { _ in false })
            #expect(record.paths == [root, root.appending("a"), root.appending("a/b")])
            #expect(record.skips == [root.appending("a/b/up"), root.appending("a/b/here"), root.appending("a/b/root")])
            #expect(record.failures.isEmpty)
        }
    }

    @Test func directoriesOutsideThatLinkToEachOtherAreWalkedOnce() async throws {
        try await withWatcher { fixture in
            let (root, outside) = (fixture.root, fixture.outside)
            for (name, other) in [("x", "y"), ("y", "x")] {
                try makeDirectory(outside.appending(name))
                try makeSymbolicLink(outside.appending(name).appending(other), to: outside.appending(other))
                try makeSymbolicLink(root.appending(name), to: outside.appending(name))
            }
            let record = fixture.walk()
            #expect(record.paths == [root, root.appending("x"), root.appending("x/y")])
            #expect(record.skips == [root.appending("x/y/x"), root.appending("y")])
        }
    }

    @Test func secondLinkTakesOverWhenTheFirstIsGone() async throws {
        try await withWatcher { fixture in
            let (first, second) = (fixture.root.appending("1"), fixture.root.appending("2"))
            try makeSymbolicLink(second, to: fixture.outside)
            let file = fixture.outside.appending("a.safetensors")
            // The walk and the event of the removed link meet: whoever is first, the directory stays watched.
            for round in 0..<100 {
                try makeSymbolicLink(first, to: fixture.outside)
                removeFile(second)
                fixture.walk()
                try makeSymbolicLink(second, to: fixture.outside)
                #expect(fixture.walk().skips == [second])
                _ = try await fixture.changes()
                removeFile(first)
                let record = fixture.walk()
                #expect(record.paths == [fixture.root, second])
                try writeFile(file, "content")
                let changes = try await fixture.changes()
                // A slow machine may have seen the end of the writing by now; what counts is that it is told at all.
                let told: [DirectoryChange] = [FileHint.writing, .settled].map {
                    .file(second.appending("a.safetensors"), $0)
                }
                #expect(changes.contains { told.contains($0) }, "\(round): \(changes)")
                removeFile(file)
            }
        }
    }

    @Test func danglingLinksAreNothing() async throws {
        try await withWatcher { fixture in
            try makeSymbolicLink(fixture.root.appending("a.safetensors"), to: FilePath("nowhere"))
            try makeSymbolicLink(fixture.root.appending("directory"), to: FilePath("nowhere/deep"))
            let record = fixture.walk()
            #expect(record.files.isEmpty && record.unreadable.isEmpty && record.failures.isEmpty)
            #expect(record.paths == [fixture.root])
        }
    }

    @Test func rootIsWalkedEvenBehindALink() async throws {
        try await withWatcher { fixture in
            try renameFile(fixture.root, fixture.outside.appending("real"))
            try makeSymbolicLink(fixture.root, to: fixture.outside.appending("real"))
            try makeDirectory(fixture.root.appending("x"))
            let record = fixture.walk(followsLinks: false, isInsideRoots: { _ in true })
            #expect(record.paths == [fixture.root, fixture.root.appending("x")])
        }
    }

    // MARK: - What cannot be read

    @Test func placeThatIsNotADirectoryFailsAndLeavesTheTree() async throws {
        try await withWatcher { fixture in
            let directory = fixture.root.appending("x")
            try makeDirectory(directory.appending("y"))
            fixture.walk()
            removeTree(directory)
            #expect(
                fixture.walk(directory).failures == [
                    directory: SystemError(.noEntry, call: "statx", subject: directory.description)
                ])
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 0))
            try writeFile(directory, "a file now")
            #expect(fixture.walk(directory).failures[directory]?.errno == .notDirectory)
        }
    }

    @Test func nameThatCannotBeAskedAboutIsNotTakenAsAbsent() async throws {
        try await withWatcher { fixture in
            let loop = fixture.root.appending("loop.safetensors")
            try makeSymbolicLink(loop, to: loop)
            let record = fixture.walk()
            #expect(record.files.isEmpty)
            #expect(record.unreadable[loop]?.errno == .tooManyLinks)
        }
    }

    /// In a process of its own, since root may read everything and has to give that up first.
    @Test func directoryThatMayNotBeReadFailsAndTheRestIsWalked() async throws {
        await #expect(processExitsWith: .success) {
            try await withWatcher { fixture in
                let (closed, open) = (fixture.root.appending("a"), fixture.root.appending("b"))
                for directory in [closed, open] {
                    try makeDirectory(directory)
                    try writeFile(directory.appending("x.safetensors"), "content")
                }
                // May be listed, but nothing in it may be asked about.
                let listable = fixture.root.appending("c")
                try makeDirectory(listable)
                try writeFile(listable.appending("y.safetensors"), "content")
                chmodPath(closed, 0o000)
                chmodPath(listable, 0o744)
                chmodPath(fixture.root.parent, 0o755)
                let isRoot = geteuid() == 0
                if isRoot { #expect(seteuid(65534) == 0) } else { chmodPath(listable, 0o400) }
                // A process that changed its user may not look into its own /proc, which watching needs.
                let record = fixture.walk(usesEvents: false)
                if isRoot { #expect(seteuid(0) == 0) }
                #expect(record.failures.mapValues(\.errno) == [closed: .accessDenied, listable: .accessDenied])
                #expect(record.files.keys.map(\.self) == [open.appending("x.safetensors")])
                for directory in [closed, listable] { chmodPath(directory, 0o755) }
            }
        }
    }
}
