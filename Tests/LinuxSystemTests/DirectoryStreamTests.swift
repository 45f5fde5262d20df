import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct DirectoryStreamTests {
    @Test func namesComeInBytewiseOrderWithTheirKinds() async throws {
        try await withTemporaryDirectory { directory in
            let odd = try #require(FilePath(bytes: directory.bytes + [0x2F, 0xFF, 0x0A, 0x20]))
            try writeFile(odd, "")
            try writeFile(directory.appending("b"), "")
            try writeFile(directory.appending(".hidden"), "")
            try makeDirectory(directory.appending("B"))
            try makeSymbolicLink(directory.appending("a"), to: FilePath("nowhere"))
            #expect(unsafe mkfifo(directory.appending("..pipe").description, 0o600) == 0)
            let open = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            let entries = try listDirectory(open.number, shown: directory)
            let names: [[UInt8]] = ["..pipe", ".hidden", "B", "a", "b"].map { Array($0.utf8) } + [[0xFF, 0x0A, 0x20]]
            #expect(entries.map(\.name) == names)
            let kinds: [FileStatus.Kind] = [.other, .regular, .directory, .link, .regular, .regular]
            // A file system may leave the kinds out altogether.
            #expect(entries.map(\.kind) == kinds || entries.allSatisfy { $0.kind == nil })
        }
    }

    @Test func listingCanBeRepeatedAndTheDescriptorStaysOpen() async throws {
        try await withTemporaryDirectory { directory in
            for index in 0..<3000 { try writeFile(directory.appending("file-with-a-long-name-\(index)"), "") }
            let open = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            let first = try listDirectory(open.number, shown: directory)
            #expect(first.count == 3000)
            #expect(Set(first.map(\.name)).count == 3000)
            #expect(try listDirectory(open.number, shown: directory) == first)
            #expect(try open.status().kind == .directory)
        }
    }

    @Test func emptyDirectoryHasNoNames() async throws {
        try await withTemporaryDirectory { directory in
            let open = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            #expect(try listDirectory(open.number, shown: directory) == [])
        }
    }

    @Test func whatCannotBeListedIsAnErrorAndWhatIsRemovedIsEmpty() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("file")
            try writeFile(file, "")
            let open = try FileDescriptor.open(file, O_RDONLY)
            #expect(throws: SystemError(.notDirectory, call: "getdents64", subject: file.description)) {
                try listDirectory(open.number, shown: file)
            }
            let gone = directory.appending("gone")
            try makeDirectory(gone)
            let removed = try FileDescriptor.open(gone, O_RDONLY | O_DIRECTORY)
            removeTree(gone)
            // The kernel keeps the open directory; that nothing is in it any more is certain.
            #expect(try listDirectory(removed.number, shown: gone) == [])
            #expect(throws: SystemError(Errno(rawValue: EBADF), call: "lseek", subject: gone.description)) {
                try listDirectory(-1, shown: gone)
            }
        }
    }
}
