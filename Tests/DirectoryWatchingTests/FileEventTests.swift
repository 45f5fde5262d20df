import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// What happens to files in a watched directory, and what is told of it.
@Suite(.timeLimit(.minutes(1))) struct FileEventTests {
    @Test func writtenFileIsToldOnceAndThenSettles() async throws {
        try await withWatcher(settle: 1_000_000) { fixture in
            fixture.walk()
            let file = fixture.root.appending("a.safetensors")
            try writeFile(file, "content")
            let changes = await fixture.changes { $0 == .file(file, .settled) }
            #expect(changes.filter { $0 == .file(file, .settled) }.count == 1)
            #expect(!fixture.watcher.isBeingWritten(file))
            #expect(try await fixture.changes().isEmpty)
        }
    }

    @Test func fileThatIsWrittenIsWaitedFor() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let file = fixture.root.appending("a.safetensors")
            let writer = try openForWriting(file)
            try writer.writeAll([1, 2, 3], shown: file)
            #expect(try await fixture.changes() == [.file(file, .writing)])
            #expect(fixture.watcher.isBeingWritten(file))
            try writer.writeAll([4], shown: file)
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.isBeingWritten(file))
        }
    }

    @Test func linkedFileAppearsWithoutAnyWrite() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            try writeFile(fixture.outside.appending("a"), "content")
            let file = fixture.root.appending("a.safetensors")
            try makeHardLink(file, to: fixture.outside.appending("a"))
            #expect(try await fixture.changes() == [.file(file, .appeared)])
        }
    }

    @Test func fileMovedInArrives() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            try writeFile(fixture.outside.appending("a.safetensors"), "content")
            let file = fixture.root.appending("a.safetensors")
            try renameFile(fixture.outside.appending("a.safetensors"), file)
            #expect(try await fixture.changes() == [.file(file, .arrived)])
            #expect(!fixture.watcher.isBeingWritten(file))
        }
    }

    @Test func renameIsToldNewNameFirst() async throws {
        try await withWatcher { fixture in
            let old = fixture.root.appending("a.safetensors")
            let new = fixture.root.appending("b.safetensors")
            try writeFile(old, "content")
            fixture.walk()
            try renameFile(old, new)
            #expect(try await fixture.changes() == [.file(new, .arrived), .file(old, .gone)])
        }
    }

    @Test func fileMovedOutOrDeletedIsGone() async throws {
        try await withWatcher { fixture in
            let moved = fixture.root.appending("a.safetensors")
            let deleted = fixture.root.appending("b.safetensors")
            try writeFile(moved, "content")
            try writeFile(deleted, "content")
            fixture.walk()
            try renameFile(moved, fixture.outside.appending("a.safetensors"))
            removeFile(deleted)
            #expect(try await Set(fixture.changes()) == [.file(moved, .gone), .file(deleted, .gone)])
        }
    }

    @Test func fileThatIsDeletedWhileWrittenIsGoneAndNoMoreWaitedFor() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let file = fixture.root.appending("a.safetensors")
            let writer = try openForWriting(file)
            try writer.writeAll([1], shown: file)
            removeFile(file)
            // A writer of a file without a name makes no events.
            try writer.writeAll([2], shown: file)
            #expect(try await fixture.changes() == [.file(file, .gone)])
            #expect(!fixture.watcher.isBeingWritten(file))
        }
    }

    @Test func changeOfModeOrTimeIsAttributes() async throws {
        try await withWatcher { fixture in
            let file = fixture.root.appending("a.safetensors")
            try writeFile(file, "content")
            fixture.walk()
            chmodPath(file, 0o600)
            try setAge(file, seconds: 100)
            #expect(try await fixture.changes() == [.file(file, .attributes)])
        }
    }

    @Test(arguments: ["a.safetensors.part", "a.safetensors.download", ".a.safetensors"])
    func openWriterIsFollowedWhenItsFileBecomesAModelFile(temporaryName: String) async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let temporary = fixture.root.appending(temporaryName)
            let file = fixture.root.appending("a.safetensors")
            let writer = try openForWriting(temporary)
            try writer.writeAll([1, 2, 3], shown: temporary)
            try renameFile(temporary, file)
            #expect(try await fixture.fileChanges() == [.file(file, .writing)])
            #expect(fixture.watcher.isBeingWritten(file))
        }
    }

    @Test(arguments: ["a.safetensors.part", "a.safetensors.download", ".a.safetensors"])
    func finishedDownloadArrivesUnderItsFinalName(temporaryName: String) async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let temporary = fixture.root.appending(temporaryName)
            let file = fixture.root.appending("a.safetensors")
            try writeFile(temporary, "content")
            #expect(try await fixture.fileChanges().isEmpty)
            try renameFile(temporary, file)
            #expect(try await fixture.fileChanges() == [.file(file, .arrived)])
        }
    }

    @Test func endOfAnUnfinishedMarkReleasesTheFileBesideIt() async throws {
        try await withWatcher { fixture in
            let file = fixture.root.appending("a.safetensors")
            let mark = fixture.root.appending("a.safetensors.aria2")
            try writeFile(file, "content")
            try writeFile(mark, "")
            fixture.walk()
            try writeFile(mark, "progress")
            #expect(try await fixture.changes().isEmpty)
            removeFile(mark)
            #expect(try await fixture.changes() == [.file(file, .writing)])
            try writeFile(mark, "")
            try renameFile(mark, fixture.outside.appending("mark"))
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.isBeingWritten(file))
        }
    }

    @Test func markOfAFileThatIsNoModelSaysNothing() async throws {
        try await withWatcher { fixture in
            let mark = fixture.root.appending("a.zip.aria2")
            try writeFile(fixture.root.appending("a.zip"), "content")
            try writeFile(mark, "")
            fixture.walk()
            removeFile(mark)
            #expect(try await fixture.changes().isEmpty)
        }
    }

    @Test func hiddenNamesSayNothing() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            try writeFile(fixture.root.appending(".hidden.safetensors"), "content")
            try makeDirectory(fixture.root.appending(".cache/deep"))
            try writeFile(fixture.root.appending(".cache/deep/a.safetensors"), "content")
            removeTree(fixture.root.appending(".cache"))
            #expect(try await fixture.changes().isEmpty)
        }
    }

    @Test(arguments: [[0x61, 0x0A, 0x62], [0xFF, 0xFE], [0x20], [0x5C, 0x6E], [0xE9, 0x0D, 0x0A]] as [[UInt8]])
    func namesAreTakenByteByByte(start: [UInt8]) async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let old = fixture.root.appending(start + Array(".safetensors".utf8))
            let new = fixture.root.appending(start + Array("2.safetensors".utf8))
            try writeFile(old, "content")
            #expect(try await fixture.changes() == [.file(old, .writing)])
            try renameFile(old, new)
            #expect(try await fixture.changes() == [.file(new, .arrivedWritten), .file(old, .gone)])
            #expect(fixture.walk().files.keys.map(\.self) == [new])
        }
    }

    @Test func linkToAFileComesAndGoesLikeAFile() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            try writeFile(fixture.outside.appending("a"), "content")
            let link = fixture.root.appending("a.safetensors")
            try makeSymbolicLink(link, to: fixture.outside.appending("a"))
            #expect(try await fixture.changes() == [.file(link, .appeared)])
            removeFile(link)
            #expect(try await fixture.changes() == [.file(link, .gone)])
        }
    }

    @Test func newRulesHoldForTheNextEvents() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let names = WatchedNames(
                isReported: { $0 == Array("only".utf8) }, isIgnored: { _ in false }, marked: { _ in nil })
            fixture.watcher.update(names: names, timing: .init(settle: 1_000_000))
            let only = fixture.root.appending("only")
            try writeFile(fixture.root.appending("a.safetensors"), "content")
            try writeFile(only, "content")
            let changes = await fixture.changes { $0 == .file(only, .settled) }
            #expect(!changes.contains { if case .file(let path, _) = $0 { path != only } else { false } })
        }
    }
}

extension WatcherFixture {
    /// Changes of files alone: any new name that is no model file may be a link to a directory, and is looked at.
    func fileChanges() async throws -> [DirectoryChange] {
        try await changes().filter { if case .file = $0 { true } else { false } }
    }
}
