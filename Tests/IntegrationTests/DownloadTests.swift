import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Files that come bit by bit, as downloading programs write them. None of them may get a digest before it is whole.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DownloadTests {
    private static let content = safetensorsFile(data: noise(60_000, seed: 7))

    /// Adds the bytes at the end of a file, which is made if need be, and closes it.
    private func append(_ bytes: some Collection<UInt8>, to path: FilePath) throws {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
        try file.writeAll(Array(bytes), shown: path)
    }

    private func expectWhole(
        _ path: FilePath, _ daemon: RunningDaemon, hashed: Int = 1, isUnderstood: Bool = true
    ) async throws {
        try await daemon.sync()
        let file = try await daemon.file(path)
        #expect(file.state == "indexed")
        #expect((file.error == nil) == isUnderstood)
        #expect(file.sha256 == (try await sha256(of: [path], in: daemon.place.directory))[path.description])
        #expect(try await daemon.files().map(\.path) == [path.description])
        #expect(try await daemon.status().hashing.filesTotal == hashed)
    }

    @Test func firefoxReplacesAnEmptyFile() async throws {
        try await withPlace { place in
            let path = place.models.appending("a.safetensors")
            let part = place.models.appending("aBcD1234.safetensors.part")
            try await withDaemon(place) { daemon in
                try writeFile(path, "")
                try append(Self.content.prefix(1000), to: part)
                try await daemon.sync()
                let empty = try await daemon.file(path)
                #expect(empty.error != nil)
                #expect(empty.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                try append(Self.content.dropFirst(1000), to: part)
                try await daemon.sync()
                #expect(try await daemon.files().map(\.path) == [path.description])
                try renameFile(part, path)
                try await expectWhole(path, daemon, hashed: 2)
            }
        }
    }

    @Test func chromeRenamesItsUnconfirmedFile() async throws {
        try await withPlace { place in
            let path = place.models.appending("a.safetensors")
            let first = place.models.appending("Unconfirmed 123456.crdownload")
            let second = place.models.appending("a.safetensors.crdownload")
            try await withDaemon(place) { daemon in
                // It stays open over the first rename.
                do {
                    let file = try FileDescriptor.open(first, O_WRONLY | O_CREAT, mode: 0o644)
                    try file.writeAll(Array(Self.content.prefix(1000)), shown: first)
                    try renameFile(first, second)
                    try file.writeAll(Array(Self.content.dropFirst(1000)), shown: second)
                    try await daemon.sync()
                    #expect(try await daemon.files().isEmpty)
                }
                try renameFile(second, path)
                try await expectWhole(path, daemon)
            }
        }
    }

    @Test func aria2FillsAFileOfFullLength() async throws {
        try await withPlace { place in
            // Nothing in the file itself tells whether it is whole.
            let (path, mark) = (place.models.appending("a.ckpt"), place.models.appending("a.ckpt.aria2"))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                try writeFile(mark, "control")
                try makeSparseFile(path, size: Int64(Self.content.count))
                for _ in 0..<2 {
                    let early = try await daemon.control("sync", "--hashed", "--timeout", "1")
                    #expect(early.status == 1)
                    #expect(early.errors.contains(path.description))
                    let file = try FileDescriptor.open(path, O_WRONLY)
                    try file.writeAll(Self.content, shown: path)
                }
                #expect(try await daemon.status().hashing.filesTotal == 0)
                removeFile(mark)
                try await expectWhole(path, daemon)
            }
        }
    }

    @Test func curlGoesOnAfterAPause() async throws {
        try await withPlace { place in
            let path = place.models.appending("a.safetensors")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                try append(Self.content.prefix(1000), to: path)
                let early = try await daemon.control("sync", "--hashed", "--timeout", "1")
                #expect(early.status == 1)
                #expect(early.errors.contains(path.description))
                #expect(try await daemon.file(path).sha256 == nil)
                try append(Self.content.dropFirst(1000).prefix(20_000), to: path)
                #expect(try await daemon.control("sync", "--hashed", "--timeout", "1").status == 1)
                #expect(try await daemon.file(path).sha256 == nil)
                try append(Self.content.dropFirst(21_000), to: path)
                try await expectWhole(path, daemon)
            }
        }
    }

    @Test func fileThatIsClosedAndOpenedAgainEndsRight() async throws {
        try await withPlace { place in
            // Nothing in it tells whether it is whole.
            let bytes = noise(60_000, seed: 8)
            let path = place.models.appending("a.ckpt")
            try await withDaemon(place) { daemon in
                for start in stride(from: 0, to: bytes.count, by: 20_000) {
                    try append(bytes.dropFirst(start).prefix(20_000), to: path)
                    // Whatever is answered in between is the digest of nothing else than what was there.
                    try await daemon.sync()
                    let present = (try await sha256(of: [path], in: place.directory))[path.description]
                    #expect(try await daemon.file(path).sha256 == present)
                }
                let rounds = (bytes.count + 19_999) / 20_000
                try await expectWhole(path, daemon, hashed: rounds, isUnderstood: false)
            }
        }
    }
}
