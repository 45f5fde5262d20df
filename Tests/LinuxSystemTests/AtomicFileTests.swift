import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct AtomicFileTests {
    @Test func fileIsReplacedWithItsPermissions() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            for (text, mode) in [("first", 0o600), ("second", 0o664), ("", 0o400)] as [(String, UInt32)] {
                try AtomicFile.replace(path, with: Array(text.utf8), mode: mode)
                #expect(try readFile(path, limit: 100) == Array(text.utf8))
                #expect(try FileStatus.of(path).mode & 0o7777 == mode)
            }
            #expect(try directoryNames(directory) == [Array("file".utf8)])
        }
    }

    @Test func openReaderKeepsTheOldBytes() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            try AtomicFile.replace(path, with: Array("old".utf8), mode: 0o600)
            let reader = try FileDescriptor.open(path, O_RDONLY)
            try AtomicFile.replace(path, with: Array("newer".utf8), mode: 0o600)
            #expect(try reader.read(upTo: 100, at: 0, shown: path) == Array("old".utf8))
        }
    }

    @Test func failureLeavesNothingBehind() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("directory")
            try makeDirectory(path.appending("child"))
            #expect(throws: SystemError.self) { try AtomicFile.replace(path, with: [1], mode: 0o600) }
            #expect(try directoryNames(directory) == [Array("directory".utf8)])
        }
    }

    @Test func linkIsReplacedNotFollowed() async throws {
        try await withTemporaryDirectory { directory in
            let target = directory.appending("target")
            let path = directory.appending("link")
            try writeFile(target, "old")
            try makeSymbolicLink(path, to: target)
            try AtomicFile.replace(path, with: Array("new".utf8), mode: 0o600)
            #expect(try readFile(target, limit: 100) == Array("old".utf8))
            #expect(try FileStatus.of(path, followLinks: false).kind == .regular)
        }
    }
}

/// Files that are made only where there is none.
@Suite struct AtomicCreationTests {
    @Test func whatIsThereStays() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            try AtomicFile.create(path, with: Array("mine".utf8), mode: 0o640)
            #expect(try FileStatus.of(path).mode & 0o7777 == 0o640)
            #expect(throws: SystemError.self) {
                try AtomicFile.create(path, with: Array("other".utf8), mode: 0o640)
            }
            #expect(try readFile(path, limit: 100) == Array("mine".utf8))
            #expect(try directoryNames(directory) == [Array("file".utf8)])
        }
    }

    @Test func aBrokenLinkCountsAsThere() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("link")
            try makeSymbolicLink(path, to: directory.appending("nowhere"))
            #expect(throws: SystemError.self) { try AtomicFile.create(path, with: [], mode: 0o640) }
        }
    }
}
