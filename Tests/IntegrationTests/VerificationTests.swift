import FoundationEssentials
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// `kikod-ctl verify`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct VerificationTests {
    @Test func wholeFilesAreReadOnceMoreAndNothingIsWrong() async throws {
        try await withPlace { place in
            try place.addFile("loras/a.ckpt", noise(4096, seed: 1))
            try place.addFile("b.ckpt", noise(8192, seed: 2))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.files()
                let all = try await daemon.answer(ScanHistoryAnswer.self, "verify").scans
                #expect(all.map(\.kind) == ["verify"])
                #expect(all.map(\.root) == [nil])
                #expect(all.map(\.filesHashed) == [2])
                #expect(all.map(\.bytesHashed) == [12_288])
                let one = try await daemon.answer(ScanHistoryAnswer.self, "verify", "models/loras").scans
                #expect(one.map(\.filesHashed) == [1])
                #expect(try await daemon.files() == before)
                #expect(try await daemon.control("verify", "/nowhere/at/all").status == 1)
            }
        }
    }

    @Test func aFileThatIsNotItsDigestAnyMoreIsDamagedUntilARehashBelievesIt() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", pyTorchFile(noise(4096, seed: 1)))
            try place.addFile("whole.ckpt", pyTorchFile(noise(4096, seed: 2)))
            let truth = try await withDaemon(place) { daemon in
                try await daemon.sync()
                return try #require(try await daemon.file(path).sha256)
            }
            let stored = try exchangeDigest(truth, in: place.database)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                for _ in 0..<2 {
                    let result = try await daemon.control("--json", "verify")
                    #expect(result.status == 1)
                    let scans = try WireJSON.decode(ScanHistoryAnswer.self, from: Data(result.output)).scans
                    #expect(scans.map(\.filesDamaged) == [1])
                    #expect(scans.map(\.filesHashed) == [2])
                    let file = try await daemon.file(path)
                    #expect((file.sha256, file.state, file.isDamaged) == (stored, "indexed", true))
                }
                let table = try await daemon.control("verify", path.description)
                #expect(table.status == 1)
                #expect(table.text.hasPrefix("Damaged: \(path)\n"))
                #expect(try await daemon.control("verify", "models/whole.ckpt").status == 0)
                #expect(try await daemon.answer(FilesAnswer.self, "errors").files.map(\.path) == [path.description])

                #expect(try await daemon.control("scan", "--wait", "--rehash", path.description).status == 0)
                let believed = try await daemon.file(path)
                #expect((believed.sha256, believed.error) == (truth, nil))
                #expect(try await daemon.control("verify").status == 0)
            }
        }
    }

    /// Has the database say that a file had another digest, as if the file had lost a bit since; the other digest.
    ///
    /// Only its last digit is another, so that it keeps its place in the order of the index.
    private func exchangeDigest(_ digest: String, in database: FilePath) throws -> String {
        let other = digest.dropLast() + (digest.hasSuffix("0") ? "1" : "0")
        let bytes = try readFile(database, limit: 1 << 26)
        // As Latin-1 every byte is a letter, and stays one.
        let text = String(decoding: bytes.map { UInt16($0) }, as: UTF16.self)
        let changed = text.replacing(digest, with: String(other))
        try #require(changed != text)
        try writeFile(database, changed.utf16.map { UInt8(truncatingIfNeeded: $0) })
        return String(other)
    }
}
