import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What happens to files while kikod runs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FileChangeTests {
    @Test func renamedAndMovedFilesAreTheSameFilesUnread() async throws {
        try await withPlace { place in
            let old = try place.addFile("loras/a.safetensors", safetensorsFile(data: noise(64, seed: 3)))
            try place.addFile("loras/sub/b.safetensors", safetensorsFile(data: noise(64, seed: 4)))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = Dictionary(uniqueKeysWithValues: try await daemon.files().map { ($0.id, $0) })
                #expect(before.count == 2)

                // Renamed, then moved to a directory that is new, then the directory itself moved.
                let renamed = place.models.appending("loras/renamed.safetensors")
                let moved = place.models.appending("new/moved.safetensors")
                try renameFile(old, renamed)
                try await daemon.sync()
                #expect(try await daemon.file(renamed).state == "indexed")
                try makeDirectory(moved.parent)
                try renameFile(renamed, moved)
                try await daemon.sync()
                #expect(try await daemon.file(moved).state == "indexed")
                try renameFile(place.models.appending("loras"), place.models.appending("other"))
                try renameFile(place.models.appending("new"), place.models.appending("other/sub/deep"))
                try await daemon.sync()

                let files = try await daemon.files()
                #expect(
                    files.map { $0.folder + "|" + $0.name } == [
                        "other/sub|b.safetensors", "other/sub/deep|moved.safetensors",
                    ])
                for file in files {
                    let known = try #require(before[file.id])
                    #expect(file.sha256 == known.sha256)
                    #expect(file.state == "indexed")
                    #expect(file.hashes == known.hashes)
                }
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }

    @Test func deletedFileIsMissingAndComesBackUnread() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "content")
            let stays = try place.addFile("b.ckpt", "stays")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.file(path)
                let elsewhere = place.directory.appending("elsewhere")
                try renameFile(path, elsewhere)
                try await daemon.sync()
                let gone = try await daemon.file(path)
                #expect(gone.state == "missing")
                #expect(gone.sha256 == before.sha256)
                #expect(try await daemon.answer(FilesAnswer.self, "missing").files.map(\.path) == [path.description])
                #expect(
                    try await daemon.answer(FilesAnswer.self, "list", "--state", "present").files.map(\.path) == [
                        stays.description
                    ])

                try renameFile(elsewhere, path)
                try await daemon.sync()
                #expect(try await daemon.file(path) == before)
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }

    @Test func deletedDirectoryTakesItsFilesAlong() async throws {
        try await withPlace { place in
            try place.addFile("tree/a.ckpt", "a")
            try place.addFile("tree/deep/b.ckpt", "b")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                removeTree(place.models.appending("tree"))
                try await daemon.sync()
                #expect(try await daemon.files().map(\.state) == ["missing", "missing"])
                try place.addFile("tree/deep/c.ckpt", "c")
                try await daemon.sync()
                #expect(try await daemon.file(place.models.appending("tree/deep/c.ckpt")).state == "indexed")
            }
        }
    }

    @Test func treeThatIsMovedInOrMadeAtOnceIsFound() async throws {
        try await withPlace { place in
            let outside = place.directory.appending("outside")
            try makeDirectory(outside.appending("x/y/z"))
            for name in ["x/1.ckpt", "x/y/2.ckpt", "x/y/z/3.ckpt"] { try writeFile(outside.appending(name), name) }
            try await withDaemon(place) { daemon in
                try renameFile(outside, place.models.appending("inside"))
                // Directories that are filled before anybody can watch them.
                for index in 0..<10 {
                    let directory = place.models.appending("made/\(index)/a/b/c/d")
                    try makeDirectory(directory)
                    try writeFile(directory.appending("made.ckpt"), "made \(index)")
                }
                try await daemon.sync()
                let files = try await daemon.files()
                #expect(files.count == 13)
                #expect(files.allSatisfy { $0.state == "indexed" })
                let expected = try await sha256(of: files.map { FilePath($0.path) }, in: place.directory)
                #expect(Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.sha256) }) == expected)
                // The new directories are watched as well.
                let later = place.models.appending("made/3/a/b/c/d/later.ckpt")
                try writeFile(later, "later")
                try await daemon.sync()
                #expect(try await daemon.file(later).state == "indexed")
            }
        }
    }

    @Test func changedFileGetsItsNewDigest() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "first content")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.file(path)
                try writeFile(path, "other content")
                try await daemon.sync()
                let after = try await daemon.file(path)
                #expect(after.id == before.id)
                #expect(after.sha256 == (try await sha256(of: [path], in: place.directory))[path.description])
                // What a program that writes a new file over the old one does.
                let temporary = place.models.appending("a.ckpt.tmp")
                try writeFile(temporary, "third")
                try renameFile(temporary, path)
                try await daemon.sync()
                #expect(
                    try await daemon.file(path).sha256
                        == (try await sha256(of: [path], in: place.directory))[path.description])
                #expect(try await daemon.files().count == 1)
            }
        }
    }

    @Test func fileThatChangesWhileItIsReadGetsItsLastDigest() async throws {
        try await withPlace { place in
            let path = place.models.appending("changing.ckpt")
            try makeSparseFile(path, size: 25 << 30)
            try setAge(path, seconds: 3600)
            try await withDaemon(place) { daemon in
                try await daemon.waitForNotifications("a rate") { $0.contains { $0.contains("MB/s") } }
                for text in ["one", "two", "hello world"] {
                    try writeFile(path, text)
                    try await daemon.sync()
                    let file = try await daemon.file(path)
                    let expected = try await sha256(of: [path], in: place.directory)
                    #expect(file.sha256 == expected[path.description])
                    #expect(file.state == "indexed")
                }
            }
        }
    }

    @Test func fileIsNotReadBeforeItIsClosed() async throws {
        try await withPlace { place in
            let path = place.models.appending("slow.ckpt")
            try await withDaemon(place) { daemon in
                // The first walk has to be over: without a watch, nothing tells that the file is open.
                try await daemon.sync()
                do {
                    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT, mode: 0o644)
                    try file.writeAll(Array("hello ".utf8), shown: path)
                    let early = try await daemon.control("sync", "--hashed", "--timeout", "1")
                    #expect(early.status == 1)
                    #expect(early.errors.contains(path.description))
                    #expect(try await daemon.status().hashing.filesTotal == 0)
                    #expect(try await daemon.files().allSatisfy { $0.sha256 == nil && $0.state == "pending" })
                    try file.writeAll(Array("world".utf8), shown: path)
                }
                try await daemon.sync()
                let file = try await daemon.file(path)
                #expect(file.sha256 == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")
                #expect(try await daemon.status().hashing.filesTotal == 1)
            }
        }
    }

    @Test func rootThatGoesIsOfflineAndItsFilesComeBackWithIt() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "a")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.file(path)
                let away = place.directory.appending("away")
                try renameFile(place.models, away)
                _ = try await daemon.answer(ScanHistoryAnswer.self, "scan", "--wait")
                let roots = try await daemon.answer(RootsAnswer.self, "roots").roots
                #expect(roots.map(\.state) == ["offline"])
                #expect(roots.first?.message?.isEmpty == false)
                #expect(try await daemon.status().state == "degraded")
                #expect(try await daemon.answer(SyncAnswer.self, "sync").skipped == [place.models.description])
                #expect(try await daemon.file(path).state == "missing")

                try renameFile(away, place.models)
                _ = try await daemon.answer(ScanHistoryAnswer.self, "scan", "--wait")
                #expect(try await daemon.file(path) == before)
                #expect(try await daemon.status().state == "ready")
                let later = try place.addFile("later.ckpt", "later")
                try await daemon.sync()
                #expect(try await daemon.file(later).state == "indexed")
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }
}
