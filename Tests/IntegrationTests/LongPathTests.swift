import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Paths that no system call takes as a whole.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LongPathTests {
    @Test func fileBeyondTheLongestPathIsAFileLikeAnyOther() async throws {
        try await withPlace { place in
            let name = String(repeating: "d", count: 250)
            var path = place.models
            for _ in 0..<20 { path = path.appending(name) }
            #expect(path.bytes.count > Int(PATH_MAX))
            path = path.appending("a.safetensors")
            let content = safetensorsFile(data: noise(64, seed: 9))
            try write(path, content, below: place.models)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let file = try await daemon.file(path)
                #expect(file.state == "indexed")
                #expect(file.path == path.description)
                let copy = place.directory.appending("copy.safetensors")
                try writeFile(copy, content)
                let digest = try #require((try await sha256(of: [copy], in: place.directory))[copy.description])
                #expect(file.sha256 == digest)
                #expect(try await daemon.answer(FileObject.self, "show", digest).id == file.id)
                #expect(try await daemon.files().map(\.id) == [file.id])

                // Its changes are seen as well.
                try write(path, safetensorsFile(data: noise(128, seed: 10)), below: place.models)
                try await daemon.sync()
                let changed = try await daemon.file(path)
                #expect(changed.id == file.id)
                #expect(changed.state == "indexed")
                #expect(changed.sha256 != digest)
                let first = place.models.appending(name)
                try renameFile(first, place.directory.appending("away"))
                try await daemon.sync()
                #expect(try await daemon.file(path).state == "missing")
                try renameFile(place.directory.appending("away"), first)
                try await daemon.sync()
                #expect(try await daemon.file(path) == changed)
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
            // The tree is too deep for what removes the directory of a test.
            let words = ["-rf", place.models.description].map { Array($0.utf8) }
            #expect(try await run(FilePath("/usr/bin/rm"), words, in: place.directory).status == 0)
        }
    }

    /// Writes a file, making the directories on its way one step after the other.
    private func write(_ path: FilePath, _ bytes: [UInt8], below top: FilePath) throws {
        let names = try #require(path.relative(to: top)).split(separator: UInt8(ascii: "/")).map { Array($0) }
        var directory = try FileDescriptor.open(top, O_RDONLY | O_DIRECTORY)
        for name in names.dropLast() {
            _ = unsafe mkdirat(directory.number, String(decoding: name, as: UTF8.self), 0o755)
            directory = try FileDescriptor.openAt(directory.number, name, O_RDONLY | O_DIRECTORY, shown: path)
        }
        let file = try FileDescriptor.openAt(
            directory.number, path.name, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644, shown: path)
        try file.writeAll(bytes, shown: path)
    }
}
