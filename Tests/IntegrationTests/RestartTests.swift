import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What stays when kikod ends, in whatever way it does.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RestartTests {
    @Test func secondStartReadsNothingAgain() async throws {
        try await withPlace { place in
            let size = 32 << 20
            try place.addFile("large.ckpt", [UInt8](repeating: 7, count: size))
            for index in 0..<20 {
                try place.addFile("loras/\(index).safetensors", safetensorsFile(data: noise(512, seed: UInt64(index))))
            }
            let before = try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.status().hashing.filesTotal == 21)
                if let read = bytesRead(byProcess: daemon.process.id) { #expect(read >= size) }
                return try await daemon.files()
            }
            #expect(before.allSatisfy { $0.sha256 != nil })
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.files() == before)
                let hashing = try await daemon.status().hashing
                #expect(hashing.filesTotal == 0)
                #expect(hashing.bytesTotal == 0)
                if let read = bytesRead(byProcess: daemon.process.id) { #expect(read < size / 2) }
            }
        }
    }

    @Test func changesWhileNothingRanAreFound() async throws {
        try await withPlace { place in
            let moved = try place.addFile("moved.ckpt", "moved")
            let changed = try place.addFile("changed.ckpt", "old")
            let deleted = try place.addFile("deleted.ckpt", "deleted")
            let before = try await withDaemon(place) { daemon in
                try await daemon.sync()
                return try await daemon.file(moved)
            }
            let new = place.models.appending("there/renamed.ckpt")
            try makeDirectory(new.parent)
            try renameFile(moved, new)
            try writeFile(changed, "new")
            removeFile(deleted)
            let added = try place.addFile("added.ckpt", "added")
            let expected = try await sha256(of: [new, changed, added], in: place.directory)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                for (path, digest) in expected { #expect(try await daemon.file(FilePath(path)).sha256 == digest) }
                #expect(try await daemon.file(new).id == before.id)
                #expect(try await daemon.file(deleted).state == "missing")
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }

    @Test func terminationDoesNotWaitForTheFileBeingRead() async throws {
        try await withPlace { place in
            let small = try place.addFile("a/small.ckpt", "small")
            let huge = place.models.appending("z/huge.safetensors")
            try makeDirectory(huge.parent)
            try makeSparseFile(huge, size: 25 << 30)
            try setAge(huge, seconds: 3600)
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitUntilReady()
                try await daemon.wait("amid the huge file alone") {
                    let reading = try await daemon.status().hashing.current
                    return reading.map(\.path) == [huge.description] && reading[0].bytesDone > 0
                }
                #expect(try await daemon.stop() == .exited(0))
            }
            // Made small, it is read to its end; with the digest that it has now and no other.
            try await withDaemon(place) { daemon in
                let file = try await daemon.file(huge)
                // It was not waited for; how long the end takes is measured by scripts/bench.
                #expect(file.sha256 == nil)
                #expect(file.hashes == FileHashes())
                #expect(["pending", "hashing"].contains(file.state))
                try writeFile(huge, "hello world")
                try await daemon.sync()
                #expect(
                    try await daemon.file(huge).sha256
                        == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")
                #expect(try await daemon.file(small).state == "indexed")
            }
        }
    }

    @Test(arguments: ["READY=1", "STATUS=", "MB/s"])
    func killedDaemonLosesNothing(when word: String) async throws {
        try await withPlace { place in
            var paths: [FilePath] = []
            for index in 0..<30 {
                let data = noise(index % 10 == 0 ? 6 << 20 : 20_000, seed: UInt64(index))
                paths.append(try place.addFile("\(index % 3)/\(index).safetensors", safetensorsFile(data: data)))
            }
            let expected = try await sha256(of: paths, in: place.directory)
            // Something that is being read for long, so that the daemon cannot be done when it is killed.
            let huge = place.models.appending("1/huge.ckpt")
            try makeSparseFile(huge, size: 25 << 30)
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitForNotifications(word) { $0.contains { $0.contains(word) } }
                #expect(try await daemon.stop(SIGKILL) == .killed(signal: SIGKILL))
            }
            removeFile(huge)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let gone = try await daemon.answer(FilesAnswer.self, "missing").files
                #expect(gone.allSatisfy { $0.path == huge.description && $0.sha256 == nil })
                let files = try await daemon.answer(FilesAnswer.self, "list", "--state", "present").files
                #expect(Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.sha256) }) == expected)
                #expect(files.allSatisfy { $0.state == "indexed" && $0.hashes.autoV3 != nil && $0.hashes.crc32 != nil })
                let status = try await daemon.status()
                #expect(status.state == "ready")
                #expect(status.files.pending == 0)
                let history = try await daemon.answer(ScanHistoryAnswer.self, "history")
                #expect(history.scans.allSatisfy { $0.completedAt != nil })
            }
        }
    }
}
