import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import Synchronization
import TestSupport
import Testing

/// `kikod-ctl events` while files change.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EventTests {
    @Test func whatHappensToAFileIsToldWithItsPaths() async throws {
        try await withPlace { place in
            try await withStartedDaemon(place) { daemon in
                try await daemon.waitUntilReady()
                let follower = try await onOwnThread("follow") { try Follower(daemon) }
                // Before its connection stands, it is told nothing.
                var probes = 0
                while try await onOwnThread("read-events", { try follower.readSome(milliseconds: 0) }) == false {
                    try place.addFile("probe\(probes).pt", "probe \(probes)")
                    probes += 1
                    try await daemon.sync()
                    try #require(follower.process.wait(until: .now) == nil, "kikod-ctl events has ended")
                }

                let old = try place.addFile("loras/a.safetensors", safetensorsFile(data: noise(64, seed: 3)))
                let new = place.models.appending("other/b.safetensors")
                try await daemon.sync()
                try makeDirectory(new.parent)
                try renameFile(old, new)
                try await daemon.sync()

                let events = try await onOwnThread("read-events") {
                    try follower.events { $0.event == "file.moved" }
                }
                let own = events.filter { [old.description, new.description].contains($0.path) }
                #expect(own.first?.event == "file.added")
                #expect(own.first { $0.event == "file.indexed" }?.file?.sha256?.utf8.count == 64)
                let moved = try #require(own.last)
                #expect((moved.event, moved.path, moved.oldPath) == ("file.moved", new.description, old.description))
                #expect(moved.file?.id == own.first?.file?.id)
                #expect(moved.file?.state == "indexed")

                // A follower neither holds up the end of the daemon nor survives it.
                #expect(try await daemon.stop() == .exited(0))
                let end = try await onOwnThread("wait-follower") {
                    follower.process.wait(until: .now.advanced(milliseconds: hangMilliseconds))
                }
                #expect(end == .exited(3))
            }
        }
    }
}

/// kikod-ctl as it prints events for a program into a pipe.
private final class Follower: Sendable {
    let process: ChildProcess
    private let pipe: Int32
    private let received = Mutex<[UInt8]>([])

    init(_ daemon: RunningDaemon) throws {
        let path = daemon.place.directory.appending("events.fifo")
        try systemCall("mkfifo") { unsafe mkfifo(path.description, 0o600) }
        // Without waiting for a writer, which could not open it without a reader either.
        pipe = try systemCall("open") { unsafe open(path.description, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        process = try ChildProcess(
            ChildProcess.Launch(
                program: Programs.path("kikod-ctl"),
                arguments: [
                    Array("--socket".utf8), daemon.place.socket.bytes, Array("--json".utf8), Array("events".utf8),
                ],
                environment: Programs.environment(home: daemon.place.directory.appending("home"), [:]),
                workingDirectory: daemon.place.directory, output: .file(path),
                errors: daemon.place.directory.appending("follower.err")))
    }

    deinit {
        process.destroy()
        close(pipe)
    }

    /// Takes what has come, or comes within the time; false when nothing did.
    func readSome(milliseconds: Int32) throws -> Bool {
        var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, milliseconds) == 1, entry.revents & Int16(POLLIN) != 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = try systemCall("read") {
            unsafe buffer.withUnsafeMutableBytes { unsafe read(pipe, $0.baseAddress, $0.count) }
        }
        received.withLock { $0 += buffer[..<count] }
        return count > 0
    }

    /// All events up to the first that fits, at least.
    func events(until isLast: (EventObject) -> Bool) throws -> [EventObject] {
        while true {
            let bytes = received.withLock { $0 }
            let whole = bytes[..<(bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0)]
            let events = try whole.split(separator: UInt8(ascii: "\n")).map {
                try WireJSON.decode(EventObject.self, from: Data($0))
            }
            if events.contains(where: isLast) { return events }
            guard try readSome(milliseconds: Int32(RunningDaemon.eventMilliseconds)) else {
                throw IntegrationFailure("kikod-ctl has told only \(events.map { ($0.event, $0.path) })")
            }
        }
    }
}
