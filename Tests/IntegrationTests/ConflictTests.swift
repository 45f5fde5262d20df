import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Two daemons that want the same.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConflictTests {
    @Test func secondDaemonOnTheDataDirectoryNamesTheFirst() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                let other = place.directory.appending("other.sock")
                let result = try await runDaemon(place, ["--socket", other.description])
                #expect(result.status == 69)
                #expect(result.errors.contains("\(daemon.process.id)"))
                #expect(result.errors.contains(place.dataDirectory.description))
                // The first is not disturbed.
                #expect(try await daemon.status().pid == daemon.process.id)
            }
        }
    }

    @Test func secondDaemonOnTheSocketNamesTheFirst() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                let other = place.directory.appending("other-data")
                let result = try await runDaemon(
                    place, ["--data-dir", other.description, "--socket", place.socket.description])
                #expect(result.status == 69)
                #expect(result.errors.contains("\(daemon.process.id)"))
                #expect(result.errors.contains(place.socket.description))
                #expect(try await daemon.status().pid == daemon.process.id)
            }
        }
    }

    @Test func socketOfAKilledDaemonIsTakenOver() async throws {
        try await withPlace { place in
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitUntilReady()
                let outcome = try await daemon.stop(SIGKILL)
                #expect(outcome == .killed(signal: SIGKILL))
            }
            #expect((try? FileStatus.of(place.socket, followLinks: false)) != nil)
            try await withDaemon(place) { daemon in
                let pid = try await daemon.status().pid
                #expect(pid == daemon.process.id)
            }
            #expect((try? FileStatus.of(place.socket, followLinks: false)) == nil)
        }
    }

    @Test func fileInThePlaceOfTheSocketIsLeftAlone() async throws {
        try await withPlace { place in
            let path = place.directory.appending("precious")
            try writeFile(path, "precious")
            let result = try await runDaemon(place, ["--socket", path.description])
            #expect(result.status == 78)
            #expect(result.errors.contains(path.description))
            #expect(try readFile(path, limit: 100) == Array("precious".utf8))
        }
    }

    @Test func portThatIsTakenIsNamed() async throws {
        try await withPlace { place in
            try place.configure("http: {listen: \"127.0.0.1:0\"}")
            try await withDaemon(place) { daemon in
                let port = try #require(try listeningPort(ofProcess: daemon.process.id))
                let other = try Place(place.directory.appending("other"))
                try other.configure("http: {listen: \"127.0.0.1:\(port)\"}")
                let result = try await runDaemon(other)
                #expect(result.status == 69)
                #expect(result.errors.contains("127.0.0.1:\(port)"))
            }
        }
    }
}
