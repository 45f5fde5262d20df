import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// kikod-ctl against a daemon that runs: exit codes, tables and JSON.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ControlCommandTests {
    @Test func everyCommandHasATableAndJSON() async throws {
        try await withPlace { place in
            let hello = try place.addFile("loras/hello.ckpt", "hello world")
            try place.addFile("broken.safetensors", "broken")
            let gone = try place.addFile("gone.ckpt", "gone")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                removeFile(gone)
                try await daemon.sync()

                func table(_ arguments: String...) async throws -> String {
                    let result = try await daemon.control(arguments.map { Array($0.utf8) })
                    #expect(result.status == 0, "\(arguments): \(result.errors)")
                    #expect(result.errors.isEmpty, "\(arguments): \(result.errors)")
                    return result.text
                }
                #expect(try await table("status").contains("is ready"))
                #expect(try await table("list").contains(hello.description))
                #expect(try await table("show", "hello").contains("B94D27B993"))
                #expect(try await table("lookup", "85114a0d").contains(hello.description))
                #expect(try await table("missing").contains(gone.description))
                #expect(try await table("errors").contains("broken.safetensors: "))
                #expect(try await table("roots").contains(place.models.description))
                #expect(try await table("history", "-n", "1").contains(place.models.description))
                #expect(try await table("scan", "--wait").contains(place.models.description))
                #expect(try await table("scan").contains("has started"))
                #expect(try await table("sync", "--hashed").contains("up to date"))
                #expect(try await table("version").contains(kikodVersion))
                #expect(try await table("export", "--format", "csv").contains(",\(hello),"))
                #expect(try await table("export", "all.json").hasPrefix("3 files in "))
                #expect(try await daemon.answer(FilesAnswer.self, "export").total == 3)

                let status = try await daemon.status()
                #expect(status.files.indexed == 2)
                #expect(status.files.missing == 1)
                #expect(status.files.total == 2)
                #expect(status.files.bytes == 17)
                #expect(status.pid == daemon.process.id)
                #expect(try await daemon.files().count == 3)
                #expect(
                    try await daemon.answer(FilesAnswer.self, "list", "--folder", "loras").files.map(\.name) == [
                        "hello.ckpt"
                    ])
                #expect(try await daemon.answer(FilesAnswer.self, "list", "--state", "missing").total == 1)
                let page = try await daemon.answer(FilesAnswer.self, "list", "--limit", "1", "--offset", "1")
                #expect(page.files.count == 1)
                #expect(page.total == 3)
                let lookup = try await daemon.answer(LookupResults.self, "lookup", "85114A0D", "b94d27b9")
                #expect(lookup.results.map(\.matched) == [["CRC32"], ["SHA256"]])
                #expect(lookup.results.allSatisfy { $0.files.map(\.path) == [hello.description] })
                // What is in the others is not what their names promise either.
                #expect(
                    try await daemon.answer(FilesAnswer.self, "errors").files.map(\.name) == [
                        "broken.safetensors", "gone.ckpt", "hello.ckpt",
                    ])
                #expect(try await daemon.answer(RootsAnswer.self, "roots").roots.map(\.state) == ["online"])
                let scans = try await daemon.answer(ScanHistoryAnswer.self, "scan", "--wait").scans
                #expect(scans.count == 1)
                #expect(scans.first?.filesSeen == 2)
                #expect(scans.first?.completedAt != nil)
                #expect(try await daemon.answer(ScanAnswer.self, "scan", "models/loras").scans.count == 1)
                let history = try await daemon.answer(ScanHistoryAnswer.self, "history")
                #expect(history.scans.map(\.id) == history.scans.map(\.id).sorted(by: >))
                #expect(history.scans.last?.filesAdded == 3)
                #expect(history.scans.last?.filesHashed == 3)
                #expect(
                    try await daemon.answer(SyncAnswer.self, "sync")
                        == SyncAnswer(synced: true, skipped: [], waiting: []))
                #expect(
                    try await daemon.answer([String: String].self, "version").values.allSatisfy { $0 == kikodVersion })
            }
        }
    }

    @Test func fileIsFoundByWhateverNamesIt() async throws {
        try await withPlace { place in
            let path = try place.addFile("sub/hello.ckpt", "hello world")
            try place.addFile("other/same.ckpt", "one")
            try place.addFile("another/same.ckpt", "two")
            let link = place.directory.appending("link")
            try makeSymbolicLink(link, to: place.models)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let file = try await daemon.file(path)
                for what in [
                    "\(file.id)", "id:\(file.id)", "hello", "hello.ckpt", "HELLO.CKPT", "models/sub/hello.ckpt",
                    "./models/../models/sub/hello.ckpt", "\(link)/sub/hello.ckpt", "b94d27b9", "B94D27B993", "85114A0D",
                    "sha256:b94d27b9934d", file.sha256 ?? "",
                ] {
                    #expect(try await daemon.answer(FileObject.self, "show", what) == file, "\(what)")
                }
                let ambiguous = try await daemon.control("show", "same")
                #expect(ambiguous.status == 1)
                #expect(ambiguous.errors.contains("other/same.ckpt"))
                #expect(ambiguous.errors.contains("another/same.ckpt"))
                #expect(ambiguous.text.isEmpty)
            }
        }
    }

    @Test func nothingFoundOrRefusedIsOneWrongUsageIsTwo() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                let one = [
                    ["show", "nothing"], ["show", "/nowhere/a.ckpt"], ["show", "id:7"], ["lookup", "00000000"],
                    ["scan", "/nowhere"],
                ]
                for arguments in one {
                    let result = try await daemon.control(arguments.map { Array($0.utf8) })
                    #expect(result.status == 1, "\(arguments)")
                    #expect(!result.errors.isEmpty, "\(arguments)")
                }
                let two = [
                    [], ["no-such-command"], ["list", "--state", "purple"], ["list", "operand"], ["show"],
                    ["show", ""],
                    ["lookup"], ["lookup", "123"], ["lookup", "not-hexadecimal"], ["sync", "--timeout", "soon"],
                    ["history", "-n", "-1"], ["--no-such-flag"],
                ]
                for arguments in two {
                    let result = try await daemon.control(arguments.map { Array($0.utf8) })
                    #expect(result.status == 2, "\(arguments)")
                    #expect(!result.errors.isEmpty, "\(arguments)")
                    #expect(result.text.isEmpty, "\(arguments)")
                }
                // Empty lists are answers.
                for arguments in [["list"], ["missing"], ["errors"]] {
                    #expect(try await daemon.control(arguments.map { Array($0.utf8) }).status == 0)
                }
            }
        }
    }

    @Test func daemonThatIsNotThereIsThree() async throws {
        try await withPlace { place in
            let program = try Programs.path("kikod-ctl")
            for command in ["status", "list", "sync", "roots"] {
                let result = try await run(
                    program, ["--socket", place.socket.description, command].map { Array($0.utf8) }, in: place.directory
                )
                #expect(result.status == 3)
                #expect(result.errors.contains(place.socket.description))
            }
            // Every place that was tried is named.
            let other = place.directory.appending("other.sock").description
            let result = try await run(
                program, [Array("status".utf8)], in: place.directory,
                environment: ["KIKOD_SOCKET": other, "XDG_RUNTIME_DIR": place.directory.description])
            if result.status == 3 {
                let home = place.directory.appending("home").description
                for path in [other, "\(place.directory)/kikod/kikod.sock", "/run/kikod/kikod.sock", home] {
                    #expect(result.errors.contains(path), "\(path)")
                }
            }
            let version = try await run(program, [Array("version".utf8)], in: place.directory)
            #expect(version.status == 3)
            #expect(version.text.contains(kikodVersion))
        }
    }

    @Test func daemonIsFoundByTheEnvironment() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                let program = try Programs.path("kikod-ctl")
                let words = ["--json", "status"].map { Array($0.utf8) }
                let variables = ["KIKOD_SOCKET": place.socket.description]
                let result = try await run(program, words, in: place.directory, environment: variables)
                #expect(result.status == 0)
                #expect(result.text.contains(#""pid":\#(daemon.process.id)"#))
            }
        }
    }

    @Test func readerThatGoesAwayEndsTheOutputQuietly() async throws {
        try await withPlace { place in
            for index in 0..<100 { try place.addFile("\(index).ckpt", "\(index)") }
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                for arguments in [["list"], ["--json", "list"], ["status"], ["history"]] {
                    let result = try await daemon.control(arguments.map { Array($0.utf8) }, closedOutput: true)
                    #expect(result.errors.isEmpty, "\(arguments)")
                    #expect(result.outcome == .exited(0), "\(arguments)")
                }
                #expect(try await daemon.status().state == "ready")
            }
        }
    }

    @Test func rehashReadsAgainAndFindsWhatChangedInSecret() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "a")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.file(path)
                let scans = try await daemon.answer(ScanHistoryAnswer.self, "scan", "--wait", "--rehash").scans
                #expect(scans.map(\.kind) == ["rehash"])
                #expect(scans.map(\.filesHashed) == [1])
                #expect(try await daemon.file(path) == before)
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }
}
