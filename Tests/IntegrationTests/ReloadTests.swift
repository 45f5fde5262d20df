import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// SIGHUP.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ReloadTests {
    @Test func rootsComeAndGoWithoutReadingAnythingTwice() async throws {
        try await withPlace { place in
            let kept = try place.addFile("a.ckpt", "a")
            let second = place.directory.appending("second")
            try makeDirectory(second)
            let new = second.appending("b.ckpt")
            try writeFile(new, "b")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.files()
                #expect(before.map(\.path) == [kept.description])

                try place.configure(roots: [second])
                try await daemon.reload(2)
                #expect(try await daemon.files().map(\.path) == [new.description])
                #expect(try await daemon.answer(RootsAnswer.self, "roots").roots.map(\.path) == [second.description])

                try place.configure(roots: [place.models, second])
                try await daemon.reload(3)
                let after = try await daemon.files()
                #expect(after.map(\.path) == [kept.description, new.description])
                #expect(after.first { $0.path == kept.description } == before.first)
                #expect(try await daemon.status().hashing.filesTotal == 2)

                // Both are watched.
                try writeFile(second.appending("c.ckpt"), "c")
                try place.addFile("d.ckpt", "d")
                try await daemon.sync()
                #expect(try await daemon.files().map(\.state) == ["indexed", "indexed", "indexed", "indexed"])
            }
        }
    }

    @Test func brokenFileChangesNothingAndSaysWhere() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "a")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                try writeFile(place.configuration, "roots: []\nwatch: {settle: soon}\n")
                try await daemon.reload(2)
                #expect(daemon.logText.contains("\(place.configuration):2: "))
                #expect(
                    try await daemon.answer(RootsAnswer.self, "roots").roots.map(\.path) == [place.models.description])
                #expect(try await daemon.file(path).state == "indexed")
                let later = try place.addFile("later.ckpt", "later")
                try await daemon.sync()
                #expect(try await daemon.file(later).state == "indexed")

                removeFile(place.configuration)
                try await daemon.reload(3)
                #expect(try await daemon.answer(RootsAnswer.self, "roots").roots.count == 1)

                // A good one again is taken.
                try place.configure(roots: [])
                try await daemon.reload(4)
                #expect(try await daemon.answer(RootsAnswer.self, "roots").roots.isEmpty)
            }
        }
    }

    @Test func settingsThatNeedARestartKeepTheirValue() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                let other = place.directory.appending("other")
                try writeFile(
                    place.configuration,
                    "roots: []\ndata_dir: \(other)\nsocket: \(other)/s\nhttp: {listen: \"127.0.0.1:0\"}\n")
                try await daemon.reload(2)
                let lines = daemon.logText.split(separator: "\n").filter { $0.contains("takes effect after a restart") }
                for key in ["data_dir", "socket", "http.listen"] { #expect(lines.contains { $0.contains(key) }) }
                #expect(try await daemon.status().database.path == place.database.description)
                #expect(try listeningPort(ofProcess: daemon.process.id) == nil)
            }
        }
    }

    @Test func fileBeingReadIsReadOn() async throws {
        try await withPlace { place in
            let huge = place.models.appending("huge.ckpt")
            try makeSparseFile(huge, size: 25 << 30)
            try await withDaemon(place) { daemon in
                try await daemon.waitForNotifications("a rate") { $0.contains { $0.contains("MB/s") } }
                let before = try #require(try await daemon.status().hashing.current.first)
                try place.configure("log_level: debug")
                try await daemon.reload(2)
                let after = try #require(try await daemon.status().hashing.current.first)
                #expect(after.path == huge.description)
                #expect(after.bytesDone >= before.bytesDone)
                #expect(before.bytesDone > 0)
            }
        }
    }

    @Test func namesThatAreIgnoredFromNowOnLeaveTheAnswers() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.bak.ckpt", "a")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.file(path)
                try place.configure("watch: {settle: 100ms, ignore: [\"*.bak.*\"]}")
                try await daemon.reload(2)
                #expect(try await daemon.files().isEmpty)
                try place.configure()
                try await daemon.reload(3)
                #expect(try await daemon.file(path) == before)
                #expect(try await daemon.status().hashing.filesTotal == 1)
            }
        }
    }
}

extension RunningDaemon {
    /// Has the configuration read again and waits until what it changed is in the catalogue; the daemon has then said
    /// that it is ready for the given time.
    fileprivate func reload(_ times: Int) async throws {
        process.send(signal: SIGHUP)
        try await waitUntilReady(times: times)
        _ = try await answer(SyncAnswer.self, "sync")
        if try await status().queue.pendingBytes < 1 << 30 { try await sync() }
    }
}
