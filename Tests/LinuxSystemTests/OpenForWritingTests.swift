import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

/// Whether somebody writes to a file, as the kernel knows it.
@Suite struct OpenForWritingTests {
    @Test func aWriterIsSeenUntilItCloses() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            try writeFile(path, "content")
            let reader = try FileDescriptor.open(path, O_RDONLY)
            #expect(reader.isOpenForWriting() == false)
            do {
                let writer = try FileDescriptor.open(path, O_WRONLY)
                #expect(reader.isOpenForWriting() == true)
                try writer.writeAll([1], shown: path)
            }
            #expect(reader.isOpenForWriting() == false)
            // The lease is given back: a writer need not wait.
            _ = try FileDescriptor.open(path, O_WRONLY | O_NONBLOCK)
        }
    }

    @Test func whatCannotHaveALeaseTellsNothing() throws {
        let null = try FileDescriptor.open(FilePath("/dev/null"), O_RDONLY)
        #expect(null.isOpenForWriting() != true)
    }
}
