import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What a person says of a file, from the command line on, and the ways in which it could be lost.
@Suite(.serialized, .timeLimit(.minutes(5))) struct UserFieldTests {
    /// What was said, as `show` tells it.
    private func said(_ daemon: RunningDaemon, _ path: FilePath) async throws -> [String?] {
        let file = try await daemon.file(path)
        return [
            file.type, file.typeSource, file.baseModel, file.baseModelSource, file.trainedWords.joined(separator: "|"),
            file.trainedWordsSource, file.user.notes, file.user.preferredWeight.map { "\($0)" },
        ]
    }

    private let expected = ["embedding", "user", "Pony", "user", "one|two three", "user", "a note", "0.7"]

    @Test func whatWasSaidOutlivesMovesRestartsAndHashingAnew() async throws {
        try await withPlace { place in
            let path = try place.addFile("loras/a.safetensors", safetensorsFile(data: noise(512, seed: 1)))
            let copy = try place.addFile("copies/b.safetensors", safetensorsFile(data: noise(512, seed: 1)))
            let other = try place.addFile("loras/other.safetensors", safetensorsFile(data: noise(512, seed: 2)))
            let moved = place.models.appending("elsewhere/c.safetensors")
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitUntilReady()
                try await daemon.sync()
                let result = try await daemon.control(
                    "set", path.description, "--type", "embedding", "--base", "pony", "--words", "one, two three",
                    "--notes", "a note", "--weight", "0.7")
                #expect(result.status == 0, "\(result.errors)")
                for path in [path, copy] { #expect(try await said(daemon, path) == expected) }
                #expect(try await daemon.file(other).typeSource != "user")
                try makeDirectory(moved.parent)
                try renameFile(path, moved)
                try await daemon.sync()
                #expect(try await said(daemon, moved) == expected)
                #expect(try await daemon.control("scan", "--rehash", "--wait").status == 0)
                for path in [moved, copy] { #expect(try await said(daemon, path) == expected) }
                // It is searched, too.
                let found = try await daemon.answer(SearchAnswer.self, "search", "two three note")
                #expect(Set(found.files.map(\.path)) == [moved.description, copy.description])
                #expect(try await daemon.stop(SIGKILL) == .killed(signal: SIGKILL))
            }
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                for path in [moved, copy] { #expect(try await said(daemon, path) == expected) }
                // The file is gone for good and comes back from elsewhere.
                let bytes = try readFile(moved, limit: 1 << 20)
                removeFile(moved)
                removeFile(copy)
                try await daemon.sync()
                let again = try place.addFile("again.safetensors", bytes)
                try await daemon.sync()
                #expect(try await said(daemon, again) == expected)
                let cleared = try await daemon.control(
                    "set", again.description, "--clear", "type", "--clear", "base", "--clear", "words", "--clear",
                    "notes",
                    "--clear", "weight")
                #expect(cleared.status == 0, "\(cleared.errors)")
                #expect(try await said(daemon, again).compactMap(\.self).contains("user") == false)
            }
        }
    }

    @Test func whatWasSaidBeforeAFileIsHashedStays() async throws {
        try await withPlace { place in
            try await withDaemon(place) { daemon in
                #expect(try await daemon.control("pause").status == 0)
                let path = try place.addFile("loras/a.safetensors", safetensorsFile(data: noise(512, seed: 1)))
                let result = try await daemon.control("sync")
                #expect(result.status == 0, "\(result.errors)")
                #expect(try await daemon.file(path).sha256 == nil)
                #expect(try await daemon.control("set", path.description, "--notes", "early").status == 0)
                #expect(try await daemon.control("resume").status == 0)
                try await daemon.sync()
                let file = try await daemon.file(path)
                #expect(file.sha256 != nil)
                #expect(file.user.notes == "early")
            }
        }
    }

    @Test func aWordThatMeansNothingIsRefused() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.safetensors", safetensorsFile(data: noise(512, seed: 1)))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let unknown = try await daemon.control("set", path.description, "--base", "No Such Model")
                #expect(unknown.status == 1)
                #expect(unknown.errors.contains("No Such Model"))
                #expect(try await daemon.control("set", path.description).status == 2)
                #expect(try await daemon.control("set", "/nowhere", "--notes", "x").status == 1)
            }
        }
    }
}
