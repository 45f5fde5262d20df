import Glibc
import IndexAPI
import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog

/// What kikod tells systemd, and when.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ServiceManagerTests {
    @Test(arguments: [SIGTERM, SIGINT]) func readyThenStatusThenStopping(_ signal: Int32) async throws {
        try await withPlace { place in
            try place.addFile("a.ckpt", "a")
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitUntilReady()
                // The socket answers as soon as readiness is told.
                #expect(try await daemon.control("status").status == 0)
                try await daemon.waitForNotifications("the file") {
                    $0.contains { $0.hasPrefix("STATUS=") && $0.contains("1 file") }
                }
                #expect(try await daemon.stop(signal) == .exited(0))
                try await daemon.waitForNotifications("STOPPING") { $0.contains("STOPPING=1") }
                let messages = daemon.notifications.messages
                #expect(messages.count { $0.contains("READY=1") } == 1)
                #expect(messages.count { $0.contains("STOPPING=1") } == 1)
                let ready = try #require(messages.firstIndex { $0.contains("READY=1") })
                let stopping = try #require(messages.firstIndex { $0.contains("STOPPING=1") })
                #expect(ready < stopping)
                // Nobody asked for a watchdog.
                #expect(!messages.contains { $0.contains("WATCHDOG") })
            }
        }
    }

    @Test func watchdogIsFedWhileAFileIsReadForLong() async throws {
        try await withPlace { place in
            try makeSparseFile(place.models.appending("huge.ckpt"), size: 25 << 30)
            try await withDaemon(place, .init(environment: ["WATCHDOG_USEC": "1000000"])) { daemon in
                try await daemon.wait("reading the file") {
                    try await daemon.status().hashing.current.count == 1
                }
                let before = daemon.notifications.messages.count { $0.contains("WATCHDOG=1") }
                try await daemon.waitForNotifications("WATCHDOG=1") {
                    $0.count { $0.contains("WATCHDOG=1") } >= before + 3
                }
                #expect(try await daemon.status().hashing.current.count == 1)
            }
        }
    }

    @Test func watchdogOfAnotherProcessIsNotFed() async throws {
        try await withPlace { place in
            // sd_watchdog_enabled(3): the variables were meant for another process.
            let environment = ["WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"]
            try await withDaemon(place, .init(environment: environment)) { daemon in
                try await daemon.sync()
                #expect(!daemon.notifications.messages.contains { $0.contains("WATCHDOG") })
            }
        }
    }

    @Test func reloadIsToldWithItsTime() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                let before = MonotonicTime.now.nanoseconds / 1000
                daemon.process.send(signal: SIGHUP)
                try await daemon.waitUntilReady(times: 2)
                let after = MonotonicTime.now.nanoseconds / 1000
                let messages = daemon.notifications.messages
                let reloading = try #require(messages.firstIndex { $0.contains("RELOADING=1") })
                let lines = messages[reloading].split(separator: "\n")
                let time = try #require(
                    lines.first { $0.hasPrefix("MONOTONIC_USEC=") }.flatMap { Int64($0.dropFirst(15)) })
                #expect((before...after).contains(time))
                #expect(messages[reloading...].contains { $0.contains("READY=1") })
            }
        }
    }

    /// systemd-socket-activate(1) opens the socket and becomes kikod when the first client is there.
    @Test(.enabled(if: isThere("/usr/bin/systemd-socket-activate"))) func clientThatWasEarlierIsAnswered() async throws
    {
        try await withPlace { place in
            let socket = place.directory.appending("passed.sock")
            try place.addFile("a.ckpt", "a")
            let wrapper = [
                "/usr/bin/systemd-socket-activate", "--listen", socket.description, "--fdname=api",
                "--setenv=NOTIFY_SOCKET",
            ]
            try await withStartedDaemon(place, .init(wrapper: wrapper)) { daemon in
                // Only this client has systemd-socket-activate start kikod.
                try await daemon.wait("the socket") { isThere(socket.description) }
                let answer = try await run(
                    Programs.path("kikod-ctl"),
                    ["--socket", socket.description, "status"].map { Array($0.utf8) }, in: place.directory)
                #expect(answer.status == 0, "\(answer.errors)")
                try await daemon.waitUntilReady()
                #expect(daemon.logText.contains("is served, and not \(place.socket)"))
                #expect(!isThere(place.socket.description))
                #expect(try await daemon.stop() == .exited(0))
                // The file is the service manager's.
                #expect(isThere(socket.description))
            }
        }
    }

    @Test(.enabled(if: isThere("/usr/bin/systemd-socket-activate"))) func socketUnderAnotherNameIsAFault() async throws
    {
        try await withPlace { place in
            let wrapper = [
                "/usr/bin/systemd-socket-activate", "--listen", place.socket.description, "--fdname=other",
                "--setenv=NOTIFY_SOCKET",
            ]
            try makeDirectory(place.socket.parent)
            try await withStartedDaemon(place, .init(wrapper: wrapper)) { daemon in
                try await daemon.wait("the socket") { isThere(place.socket.description) }
                let client = try UnixSocket.connect(to: place.socket)
                #expect(try await daemon.waitForEnd() == .exited(78))
                #expect(daemon.logText.contains("listens on \(place.socket) under the name other"))
                #expect(daemon.logText.contains("FileDescriptorName=api"))
                withExtendedLifetime(client) {}
            }
        }
    }

    @Test func databaseOfAnEarlierReleaseHasItsTime() async throws {
        try await withPlace { place in
            try place.configure(roots: [])
            try makeEarlierDatabase(place.dataDirectory, contents: 20_000)
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitUntilReady()
                let messages = daemon.notifications.messages
                let ready = try #require(messages.firstIndex(of: "READY=1"))
                #expect(messages[..<ready].contains("EXTEND_TIMEOUT_USEC=60000000"))
                #expect(messages[..<ready].contains("STATUS=Bringing the database up to this release"))
                #expect(try await daemon.stop() == .exited(0))
            }
        }
    }

    @Test func theEndDoesNotWaitForTheUpgrade() async throws {
        try await withPlace { place in
            try place.configure(roots: [])
            try makeEarlierDatabase(place.dataDirectory, contents: 100_000)
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitForNotifications("that it gets on") {
                    $0.contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") }
                }
                #expect(try await daemon.stop() == .exited(0))
                try await daemon.waitForNotifications("STOPPING") { $0.contains("STOPPING=1") }
                let messages = daemon.notifications.messages
                let stopping = try #require(messages.firstIndex(of: "STOPPING=1"))
                #expect(!messages[stopping...].contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") || $0 == "READY=1" })
            }
            // The next start begins where the database was.
            try await withDaemon(place) { daemon in
                let version = try await daemon.status().database.schemaVersion
                #expect(version == ModelCatalog.schemaVersion)
            }
        }
    }

    @Test func aLookAtTheConfigurationIsNoStart() async throws {
        try await withPlace { place in
            try writeFile(place.configuration, "roots: [/srv]\nhashin: {}\n")
            try await withStartedDaemon(place, .init(arguments: ["--check-config"])) { daemon in
                let end = try await daemon.waitForEnd()
                #expect(end == .exited(78))
                #expect(daemon.logText.hasPrefix("\(place.configuration):2: "))
                #expect(daemon.notifications.messages == [])
            }
        }
    }

    @Test func whyItDoesNotStartIsToldToTheServiceManager() async throws {
        try await withPlace { place in
            try writeFile(place.configuration, "roots: [/srv]\nhashin: {}\nlog_level: loud\n")
            try await withStartedDaemon(place) { daemon in
                let expected = "STATUS=\(place.configuration):2: "
                try await daemon.waitForNotifications(expected) {
                    $0.contains { $0.hasPrefix(expected) && $0.hasSuffix("(and 1 more, see the journal)") }
                }
                let end = try await daemon.waitForEnd()
                #expect(end == .exited(78))
            }
        }
    }

    @Test func offlineRootIsReadyToo() async throws {
        try await withPlace { place in
            try place.configure(roots: [place.directory.appending("nowhere")])
            try await withDaemon(place) { daemon in
                let status = try await daemon.status()
                #expect(status.state == "degraded")
                #expect(status.roots.map(\.state) == ["offline"])
                try await daemon.waitForNotifications("0 of 1") { $0.contains { $0.contains("0 of 1") } }
            }
        }
    }
}

private func isThere(_ path: String) -> Bool { (try? FileStatus.of(FilePath(path))) != nil }

/// A database of the third schema with contents of which nothing else is known.
private func makeEarlierDatabase(_ directory: FilePath, contents: Int) throws {
    try makeDirectory(directory)
    let path = directory.appending("models.db")
    _ = try Migrator(
        applicationID: ModelCatalog.applicationID, migrations: Array(ModelCatalog.migrations.prefix(3))
    ).migrate(path, timestamp: "20250101T000000Z")
    let connection = try Connection(path, .readWriteCreate)
    defer { connection.close() }
    try connection.run(
        """
        WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?)
        INSERT INTO contents (id, sha256, size, format, created_at)
        SELECT number, printf('%064x', number), number, 'safetensors', '' FROM numbers
        """, [.integer(Int64(contents))])
}
