import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct FileSystemIdentityTests {
    @Test func filesOfOneFileSystemShareTheirID() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, "")
            let parent = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            let file = try FileDescriptor.open(path, O_RDONLY)
            let id = try #require(fileSystemID(ofDescriptor: parent.number))
            #expect(fileSystemID(ofDescriptor: file.number) == id)
            let (kind, digits) = try #require(
                id.split(separator: ":").count == 2 ? (id.prefix(5), id.dropFirst(5)) : nil)
            #expect(kind == "uuid:" || kind == "fsid:")
            #expect(!digits.isEmpty && digits.allSatisfy(\.isHexDigit))
        }
    }

    @Test func otherFileSystemsHaveOtherIDs() async throws {
        try await withTemporaryDirectory { directory in
            let here = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            let proc = try FileDescriptor.open(FilePath("/proc"), O_RDONLY | O_DIRECTORY)
            #expect(fileSystemID(ofDescriptor: here.number) != fileSystemID(ofDescriptor: proc.number))
        }
    }

    @Test func descriptorThatIsNotOpenHasNone() { #expect(fileSystemID(ofDescriptor: -1) == nil) }

    @Test func openFileIsFoundUnderItsRealPath() async throws {
        try await withTemporaryDirectory { directory in
            let odd = try #require(FilePath(bytes: directory.bytes + [0x2F, 0xFF, 0x0A]))
            try makeDirectory(odd)
            let link = directory.appending("link")
            try makeSymbolicLink(link, to: odd)
            let open = try FileDescriptor.open(link, O_RDONLY | O_DIRECTORY)
            let parent = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            let real = try #require(realPath(ofDescriptor: parent.number))
            #expect(realPath(ofDescriptor: open.number) == real.appending([0xFF, 0x0A]))
            #expect(realPath(ofDescriptor: -1) == nil)
        }
    }
}
