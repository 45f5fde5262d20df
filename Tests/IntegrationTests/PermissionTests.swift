import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Who may read what kikod makes, and what kikod may not read.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PermissionTests {
    @Test func everythingItMakesIsItsOwnersAlone() async throws {
        try await withPlace { place in
            try place.addFile("a.ckpt", "a")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try permissions(place.socket) == 0o600)
                #expect(try permissions(place.dataDirectory) == 0o700)
                for name in try directoryNames(place.dataDirectory) {
                    let path = place.dataDirectory.appending(name)
                    #expect(try permissions(path) & 0o077 == 0, "\(path)")
                }
                #expect(try permissions(place.database) == 0o600)
            }
        }
    }

    @Test func socketPathMayBeLongerThanAnAddressHolds() async throws {
        try await withPlace { place in
            let part = String(repeating: "d", count: 60)
            let directory = place.directory.appending("\(part)/\(part)/\(part)")
            let socket = directory.appending("kikod.sock")
            #expect(socket.bytes.count > 107)
            try await withDaemon(place, .init(arguments: ["--socket", socket.description])) { daemon in
                #expect(try permissions(socket) == 0o600)
                let words = ["--socket", socket.description, "status"].map { Array($0.utf8) }
                let result = try await run(Programs.path("kikod-ctl"), words, in: place.directory)
                #expect(result.status == 0, "\(result.errors)")
                let second = try await runDaemon(
                    place, ["--socket", socket.description, "--data-dir", "\(place.directory)/second"])
                #expect(second.status == 69)
            }
            #expect((try? FileStatus.of(socket)) == nil)
        }
    }

    @Test(.enabled(if: Unprivileged.isPossible, "no way to run kikod without root's rights"))
    func whatCannotBeReadIsNamedAndTheRestGoesOn() async throws {
        try await withPlace { place in
            let good = try place.addFile("good.ckpt", "good")
            let secret = try place.addFile("secret.ckpt", "hello world")
            let closed = try place.addFile("closed/inside.ckpt", "inside")
            let launch = try Unprivileged.launch(place)
            // Known before it is closed: its files must not be taken for missing.
            try await withDaemon(place, launch) { daemon in
                try await daemon.sync()
                let inside = try await daemon.file(closed)
                chmodPath(closed.parent, 0)
                chmodPath(secret, 0)
                try writeFile(good, "changed")
                let scans = try await daemon.answer(ScanHistoryAnswer.self, "scan", "--wait").scans
                #expect(scans.first?.errors.contains { $0.contains(closed.parent.description) } == true)
                try await daemon.sync()
                #expect(try await daemon.file(closed) == inside)
                #expect(try await daemon.file(good).state == "indexed")
                #expect(try await daemon.file(secret).sha256 != nil)
                let root = try #require(try await daemon.answer(RootsAnswer.self, "roots").roots.first)
                #expect(root.state == "online")
                #expect(root.message?.contains(closed.parent.description) == true)
                #expect(try await daemon.status().state == "degraded")

                chmodPath(closed.parent, 0o755)
                _ = try await daemon.answer(ScanHistoryAnswer.self, "scan", "--wait")
                #expect(try await daemon.status().state == "ready")
                #expect(try await daemon.file(closed) == inside)
            }
        }
    }

    @Test(.enabled(if: Unprivileged.isPossible, "no way to run kikod without root's rights"))
    func fileThatCannotBeReadIsAnErrorUntilItCan() async throws {
        try await withPlace { place in
            let good = try place.addFile("good.ckpt", pyTorchFile("good"))
            let secret = try place.addFile("secret.ckpt", pyTorchFile("hello world"))
            chmodPath(secret, 0)
            try await withDaemon(place, Unprivileged.launch(place)) { daemon in
                try await daemon.sync()
                let file = try await daemon.file(secret)
                #expect(file.state == "error")
                #expect(file.error?.contains("Permission denied") == true)
                #expect(file.sha256 == nil)
                #expect(try await daemon.file(good).state == "indexed")
                #expect(try await daemon.answer(FilesAnswer.self, "errors").files.map(\.path) == [secret.description])
                #expect(try await daemon.status().files.error == 1)

                // The change of the permissions is event enough.
                chmodPath(secret, 0o644)
                try await daemon.sync()
                let readable = try await daemon.file(secret)
                #expect(readable.state == "indexed")
                #expect(readable.error == nil)
                #expect(readable.sha256 == (try await sha256(of: [secret], in: place.directory))[secret.description])
            }
        }
    }
}
