import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct FileStatusTests {
    @Test func regularFileIsDescribed() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, "hello")
            chmodPath(path, 0o640)
            try makeHardLink(directory.appending("b"), to: path)
            let status = try FileStatus.of(path)
            #expect(status.kind == .regular)
            #expect(status.size == 5)
            #expect(status.links == 2)
            #expect(status.owner == geteuid())
            #expect(status.group == getegid())
            #expect(status.mode == UInt32(S_IFREG) | 0o640)
            let file = try FileDescriptor.open(path, O_RDONLY)
            #expect(try file.status() == status)
            #expect(try FileStatus.of(directory.appending("b")) == status)
        }
    }

    @Test func kindsAreToldApartAndLinksFollowedOnlyIfAsked() async throws {
        try await withTemporaryDirectory { directory in
            let pipe = directory.appending("pipe")
            #expect(unsafe mkfifo(pipe.description, 0o600) == 0)
            let link = directory.appending("link")
            try makeSymbolicLink(link, to: pipe)
            #expect(try FileStatus.of(directory).kind == .directory)
            #expect(try FileStatus.of(pipe).kind == .other)
            #expect(try FileStatus.of(link).kind == .other)
            #expect(try FileStatus.of(link, followLinks: false).kind == .link)
            let open = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            #expect(try FileStatus.of(link.name, in: open.number, followLinks: false, shown: link).kind == .link)
            #expect(try FileStatus.of(link.name, in: open.number, followLinks: true, shown: link).kind == .other)
        }
    }

    @Test func timesAreNanosecondsAndSaturate() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, "")
            let before = try FileStatus.of(path)
            try setTimes(path, seconds: 1_700_000_000, nanoseconds: 123_456_789)
            let after = try FileStatus.of(path)
            #expect(after.modified == 1_700_000_000_123_456_789)
            #expect(after.changed >= before.changed)
            #expect(after.born == before.born)
            try setTimes(path, seconds: -2, nanoseconds: 500_000_000)
            #expect(try FileStatus.of(path).modified == -1_500_000_000)
            // Beyond what 64 bits of nanoseconds hold; a file system with shorter times may cut it before.
            try setTimes(path, seconds: 15_000_000_000, nanoseconds: 999_999_999)
            let far = try FileStatus.of(path).modified
            #expect(far == .max || far % 1_000_000_000 == 0)
        }
    }

    @Test func errorsSayWhatWasAsked() async throws {
        try await withTemporaryDirectory { directory in
            let missing = directory.appending("missing")
            #expect(throws: SystemError(.noEntry, call: "statx", subject: missing.description)) {
                try FileStatus.of(missing)
            }
            try writeFile(directory.appending("file"), "")
            let below = directory.appending("file/below")
            #expect(throws: SystemError(.notDirectory, call: "statx", subject: below.description)) {
                try FileStatus.of(below)
            }
            let loop = directory.appending("loop")
            try makeSymbolicLink(loop, to: loop)
            #expect(throws: SystemError(.tooManyLinks, call: "statx", subject: loop.description)) {
                try FileStatus.of(loop)
            }
            #expect(throws: SystemError(Errno(rawValue: EBADF), call: "statx")) { try FileStatus.of(descriptor: -1) }
        }
    }

    @Test func fileSystemTypesSayWhatCanBeReliedOn() {
        let ext4 = FileSystemType(rawValue: 0xEF53)
        let nfs = FileSystemType(rawValue: 0x6969)
        let fuse = FileSystemType(rawValue: 0x6573_5546)
        let fat = FileSystemType(rawValue: 0x4D44)
        let cifs = FileSystemType(rawValue: 0xFF53_4D42)
        let overlay = FileSystemType(rawValue: 0x794C_7630)
        #expect([ext4, nfs, fuse, fat, cifs, overlay].map(\.isNetwork) == [false, true, false, false, true, false])
        #expect([ext4, nfs, fuse, fat, cifs, overlay].map(\.needsPolling) == [false, true, true, false, true, true])
        #expect(
            [ext4, nfs, fuse, fat, cifs, overlay].map(\.hasLastingInodes) == [true, true, false, false, false, false])
        #expect([ext4, nfs, fuse, fat, cifs, overlay].map(\.isFAT) == [false, false, false, true, false, false])
    }
}
