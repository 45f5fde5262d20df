import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// `kikod-ctl pause` and `resume`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PauseTests {
    @Test func whilePausedFilesAreFoundAndNotRead() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.answer(HashingStatus.self, "pause").state == "paused")
                // Nothing waits to be hashed.
                #expect(try await daemon.control("sync", "--hashed").status == 0)
                let path = try place.addFile("a.ckpt", noise(4096, seed: 1))
                #expect(try await daemon.control("sync").status == 0)
                let file = try await daemon.file(path)
                #expect((file.state, file.sha256) == ("pending", nil))
                let refused = try await daemon.control("sync", "--hashed", "--timeout", "86400")
                #expect(refused.status == 1)
                #expect(refused.errors.contains("kikod-ctl resume"))
                #expect(try await daemon.control("status").text.contains("paused until kikod-ctl resume"))

                #expect(try await daemon.answer(HashingStatus.self, "resume").state != "paused")
                try await daemon.sync()
                #expect(try await daemon.file(path).sha256 != nil)
            }
        }
    }

    @Test func aPauseLastsOverARestart() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", noise(4096, seed: 1))
            let until = try await withDaemon(place) { daemon in
                try await daemon.answer(HashingStatus.self, "pause", "1h30m").until
            }
            #expect(until != nil)
            let added = try place.addFile("b.ckpt", noise(4096, seed: 2))
            try await withDaemon(place) { daemon in
                #expect(try await daemon.control("sync").status == 0)
                let hashing = try await daemon.status().hashing
                #expect((hashing.state, hashing.until) == ("paused", until))
                #expect(try await daemon.file(added).state == "pending")
                #expect(try await daemon.control("resume").status == 0)
                try await daemon.sync()
                #expect(try await daemon.file(path).sha256 != nil)
            }
        }
    }

    @Test func aPauseEndsByItself() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.control("pause", "1s").status == 0)
                let path = try place.addFile("a.ckpt", noise(4096, seed: 1))
                try await daemon.wait("going on") { try await daemon.status().hashing.state != "paused" }
                try await daemon.sync()
                #expect(try await daemon.file(path).sha256 != nil)
            }
        }
    }
}
