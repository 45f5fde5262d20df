import Glibc
import LinuxSystem
import TestSupport
import Testing

/// How kikod ends when it cannot start, and what it says then.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ExitCodeTests {
    @Test(arguments: [
        ["--no-such-flag"], ["operand"], ["--root"], ["--log-level", "loud"], ["--once=yes"],
    ])
    func wrongUsage(_ arguments: [String]) async throws {
        try await withPlace { place in
            let result = try await runDaemon(place, arguments)
            #expect(result.status == 64)
            #expect(result.errors.hasPrefix("kikod: "))
            #expect(result.text.isEmpty)
        }
    }

    @Test func everyFaultOfAConfigurationIsNamedWithItsLine() async throws {
        try await withPlace { place in
            try writeFile(
                place.configuration,
                """
                roots: [\(place.models)]
                colour: blue
                watch:
                  settle: soon
                hashing: {workers: -1}
                log_level: loud

                """)
            for arguments in [[], ["--check-config"], ["--once"]] {
                let result = try await runDaemon(place, arguments)
                #expect(result.status == 78)
                let places = result.errors.split(separator: "\n").map { $0.prefix { $0 != " " } }
                #expect(places == [2, 4, 5, 6].map { "\(place.configuration):\($0):" })
            }
            #expect((try? FileStatus.of(place.dataDirectory)) == nil)
        }
    }

    @Test func fileThatIsNoYAMLIsAFaultWithItsLine() async throws {
        try await withPlace { place in
            try writeFile(place.configuration, "roots:\n  - a\n - b\n")
            let result = try await runDaemon(place)
            #expect(result.status == 78)
            #expect(result.errors.contains("\(place.configuration):3:"))
        }
    }

    @Test func checkOfAGoodConfigurationStartsNothing() async throws {
        try await withPlace { place in
            let result = try await runDaemon(place, ["--check-config"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.text.contains(place.configuration.description))
            #expect((try? FileStatus.of(place.dataDirectory)) == nil)
        }
    }

    @Test(arguments: [[], ["--check-config"], ["--once"]])
    func secretFileThatHoldsNoSecretIsAFaultWithItsLine(_ arguments: [String]) async throws {
        try await withPlace { place in
            let empty = place.directory.appending("empty")
            try writeFile(empty, " \n")
            try writeFile(
                place.configuration,
                "roots: []\nhttp: {token_file: \(empty)}\ncivitai:\n  api_key_file: \(place.directory)/none\n")
            let result = try await runDaemon(place, arguments)
            #expect(result.status == 78)
            let places = result.errors.split(separator: "\n").map { $0.prefix { $0 != " " } }
            #expect(places == [2, 4].map { "\(place.configuration):\($0):" })
        }
    }

    @Test func missingConfigurationFile() async throws {
        try await withPlace { place in
            removeFile(place.configuration)
            let result = try await runDaemon(place)
            #expect(result.status == 78)
            #expect(result.errors.contains(place.configuration.description))
        }
    }

    @Test func noRootAnywhere() async throws {
        try await withPlace { place in
            try writeFile(place.configuration, "data_dir: \(place.dataDirectory)\n")
            // What is found in the usual places is named with the command that would index it.
            let found = place.directory.appending("home/ComfyUI/models")
            try makeDirectory(found)
            let result = try await runDaemon(place)
            #expect(result.status == 78)
            #expect(result.errors.contains("--root"))
            #expect(result.errors.contains(found.parent.description))
            #expect(result.errors.contains("comfyui: ["))
            #expect((try? FileStatus.of(place.dataDirectory)) == nil)
        }
    }

    @Test func databaseOfANewerReleaseIsLeftAlone() async throws {
        try await withPlace { place in
            #expect(try await runDaemon(place, ["--once"]).status == 0)
            var database = try readFile(place.database, limit: 1 << 26)
            // The user version: a big-endian number at byte 60 (SQLite's file format, 1.3).
            database.replaceSubrange(60..<64, with: [0, 0, 0x7F, 0xFF])
            try writeFile(place.database, database)
            let result = try await runDaemon(place, ["--once"])
            #expect(result.status == 78)
            #expect(result.errors.contains(place.database.description))
            #expect(result.errors.contains("32767"))
            #expect(try readFile(place.database, limit: 1 << 26) == database)
        }
    }

    @Test func fileThatIsNoDatabaseIsLeftAlone() async throws {
        try await withPlace { place in
            try makeDirectory(place.dataDirectory)
            let text = String(repeating: "a letter to a friend\n", count: 500)
            try writeFile(place.database, text)
            let result = try await runDaemon(place, ["--once"])
            #expect([1, 78].contains(result.status))
            #expect(result.errors.contains(place.database.description))
            #expect(try readFile(place.database, limit: 1 << 20) == Array(text.utf8))
        }
    }

    @Test func dataDirectoryThatCannotBeMade() async throws {
        try await withPlace { place in
            try writeFile(place.dataDirectory, "a file")
            let result = try await runDaemon(place)
            #expect(result.status == 78)
            #expect(result.errors.contains(place.dataDirectory.description))
        }
    }

    @Test(.enabled(if: Unprivileged.isPossible, "no way to run kikod without root's rights"))
    func dataDirectoryThatCannotBeWritten() async throws {
        try await withPlace { place in
            try makeDirectory(place.dataDirectory)
            let launch = try Unprivileged.launch(place)
            chmodPath(place.dataDirectory, 0o555)
            try await withStartedDaemon(place, launch) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(78))
                #expect(daemon.logText.contains(place.dataDirectory.description))
            }
        }
    }

    @Test func whyItCannotStartIsToldToTheServiceManager() async throws {
        try await withPlace { place in
            try writeFile(place.dataDirectory, "a file")
            try await withStartedDaemon(place) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(78))
                try await daemon.waitForNotifications("ERRNO") { $0.contains { $0.hasPrefix("ERRNO=") } }
                #expect(!daemon.notifications.messages.contains { $0.contains("READY=1") })
            }
        }
    }

    @Test func helpAndVersionNeedNothing() async throws {
        try await withPlace { place in
            for (name, option) in [
                ("kikod", "--help"), ("kikod", "--version"), ("kikod-ctl", "--help"), ("kikod-ctl", "--version"),
            ] {
                let result = try await run(Programs.path(name), [Array(option.utf8)], in: place.directory)
                #expect(result.status == 0)
                #expect(!result.text.isEmpty)
                #expect(result.errors.isEmpty)
            }
            let help = try await run(Programs.path("kikod"), [Array("--help".utf8)], in: place.directory).text
            for option in [
                "config", "root", "data-dir", "socket", "no-civitai", "once", "check-config", "log-level", "version",
                "help",
            ] {
                #expect(help.contains("--\(option)"))
            }
        }
    }
}

/// Runs kikod on the configuration of its place until it ends by itself.
func runDaemon(_ place: Place, _ arguments: [String] = [], environment: [String: String] = [:]) async throws
    -> ProgramResult
{
    let all = ["--config", place.configuration.description] + arguments
    return try await run(
        Programs.path("kikod"), all.map { Array($0.utf8) }, in: place.directory, environment: environment)
}
