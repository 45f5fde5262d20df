import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct NewFileTests {
    @Test(arguments: [true, false])
    func piecesBecomeAFileInTheEnd(nameless: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            try writeFile(path, "old")
            var file = try NewFile(beside: path, nameless: nameless)
            try file.write(Array("ne".utf8))
            try file.write(Array("w".utf8))
            #expect(try readFile(path, limit: 100) == Array("old".utf8))
            try file.replace(mode: 0o640)
            #expect(try readFile(path, limit: 100) == Array("new".utf8))
            #expect(try FileStatus.of(path).mode & 0o7777 == 0o640)
            #expect(try directoryNames(directory) == [path.name])
        }
    }

    @Test(arguments: [true, false])
    func whatIsNotFinishedIsGone(nameless: Bool) async throws {
        try await withTemporaryDirectory { directory in
            do {
                let file = try NewFile(beside: directory.appending("file"), nameless: nameless)
                try file.write([1, 2, 3])
                // A file system that cannot do without names is the only reason for one.
                let names = try directoryNames(directory)
                #expect(names.count <= 1)
            }
            let names = try directoryNames(directory)
            #expect(names.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func whatCannotTakeItsPlaceIsGone(nameless: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("directory")
            try makeDirectory(path.appending("child"))
            var file = try NewFile(beside: path, nameless: nameless)
            var failure: SystemError?
            do throws(SystemError) { try file.replace(mode: 0o600) } catch { failure = error }
            #expect(failure?.call == "rename")
            _ = consume file
            #expect(try directoryNames(directory) == [path.name])
        }
    }
}
