import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// Directories that are renamed while somebody writes in them.
@Suite(.timeLimit(.minutes(1))) struct MovingDirectoryTests {
    @Test func openWriterIsFollowedWhenItsDirectoryIsRenamed() async throws {
        try await withWatcher { fixture in
            let (old, new) = (fixture.root.appending("tmp"), fixture.root.appending("final"))
            try makeDirectory(old.appending("deep"))
            fixture.walk()
            let name = Array("deep/a.safetensors".utf8)
            let writer = try openForWriting(old.appending(name))
            try writer.writeAll([1], shown: old)
            _ = try await fixture.index()
            try renameFile(old, new)
            #expect(try await fixture.index([old.appending(name)]) == [new.appending(name)])
            #expect(fixture.watcher.isBeingWritten(new.appending(name)))
            #expect(!fixture.watcher.isBeingWritten(old.appending(name)))
        }
    }
}
