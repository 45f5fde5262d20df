import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// `kikod --once`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SinglePassTests {
    @Test func endsByItselfWhenEverythingIsIndexed() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "a")
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(0), "\(daemon.logText)")
            }
            try await withDaemon(place) { daemon in
                let file = try await daemon.file(path)
                #expect(file.state == "indexed")
                #expect(try await daemon.status().hashing.filesTotal == 0)
            }
        }
    }

    @Test func fileThatMayStillBeComingIsHashedWithItsFault() async throws {
        try await withPlace { place in
            let whole = safetensorsFile(data: noise(64, seed: 2))
            let path = try place.addFile("truncated.safetensors", Array(whole.dropLast(10)))
            let expected = try await sha256(of: [path], in: place.directory)
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(0), "\(daemon.logText)")
            }
            try await withDaemon(place) { daemon in
                let file = try await daemon.file(path)
                #expect(file.state == "indexed")
                #expect(file.sha256 == expected[path.description])
                #expect(file.error?.isEmpty == false)
            }
        }
    }

    @Test func offlineRootIsAFailure() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "a")
            try place.configure(roots: [place.models, place.directory.appending("nowhere")])
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(1))
                #expect(daemon.logText.contains("nowhere"))
            }
            // The other root was indexed all the same.
            try place.configure()
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.file(path).state == "indexed")
                #expect(try await daemon.status().hashing.filesTotal == 0)
            }
        }
    }

    @Test(.enabled(if: Unprivileged.isPossible, "no way to run kikod without root's rights"))
    func unreadableFileIsAFailure() async throws {
        try await withPlace { place in
            try place.addFile("good.ckpt", "good")
            chmodPath(try place.addFile("secret.ckpt", "secret"), 0)
            var launch = try Unprivileged.launch(place)
            launch.arguments = ["--once"]
            try await withStartedDaemon(place, launch) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(1))
                #expect(daemon.logText.contains("secret.ckpt"))
            }
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func signalThatCutsItShortIsAFailure(_ signal: Int32) async throws {
        try await withPlace { place in
            try makeSparseFile(place.models.appending("huge.ckpt"), size: 25 << 30)
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                try await daemon.waitUntilReady()
                #expect(try await daemon.stop(signal) == .exited(1))
            }
        }
    }

    @Test func emptyRootEndsEachTime() async throws {
        try await withPlace { place in
            // Nothing but the end of the walk tells that the pass is over, so that it must never be missed.
            for _ in 0..<15 {
                let result = try await runDaemon(place, ["--once"])
                #expect(result.status == 0)
            }
        }
    }

    @Test func rootsThatAreExplicitlyNoneAreASuccess() async throws {
        try await withPlace { place in
            try place.configure(roots: [])
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(0))
            }
        }
    }
}
