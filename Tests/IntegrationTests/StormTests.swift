import Glibc
import IndexAPI
import LinuxSystem
import Synchronization
import TestSupport
import Testing

/// Very many changes at once, or without end.
@Suite(.serialized, .timeLimit(.minutes(8))) struct StormTests {
    @Test func burstsEndExactlyRight() async throws {
        try await withPlace { place in
            let count = 20_000
            func path(_ number: Int) -> FilePath { place.models.appending("\(number % 100)/\(number).ckpt") }
            try await withDaemon(place) { daemon in
                for number in 0..<100 { try makeDirectory(place.models.appending("\(number)")) }
                try await daemon.sync()
                for number in 0..<count { try writeFile(path(number), "content \(number)") }
                // On a busy machine it takes longer than a program may that is taken to hang.
                var isHashed = false
                for _ in 0..<12 where !isHashed {
                    isHashed = try await daemon.control("sync", "--hashed", "--timeout", "25").status == 0
                }
                var files = try await daemon.status().files
                #expect((files.indexed, files.total, files.missing) == (count, count, 0))
                for number in stride(from: 0, to: count, by: 4) { removeFile(path(number)) }
                try await daemon.sync()
                files = try await daemon.status().files
                #expect((files.indexed, files.total, files.missing) == (count * 3 / 4, count * 3 / 4, count / 4))
                #expect(try await daemon.file(path(0)).state == "missing")
                let some = stride(from: 1, to: count, by: 1000).map(path)
                let expected = try await sha256(of: some, in: place.directory)
                for path in some {
                    #expect(try await daemon.file(path).sha256 == (expected[path.description] ?? "gone"))
                }
            }
        }
    }

    @Test func lostEventsLoseNoChange() async throws {
        try await withPlace { place in
            for name in ["kept", "changed", "removed", "sub/renamed"] { try place.addFile("\(name).ckpt", name) }
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                daemon.process.send(signal: SIGSTOP)
                let limit = String(
                    decoding: try readFile(FilePath("/proc/sys/fs/inotify/max_queued_events"), limit: 64),
                    as: UTF8.self)
                let events = try #require(Int(limit.filter(\.isNumber)))
                // Each makes three events or more, all different from the one before.
                for number in 0...events / 2 {
                    let noise = place.models.appending("noise-\(number % 2).txt")
                    try writeFile(noise, "noise")
                    removeFile(noise)
                }
                try place.addFile("changed.ckpt", "has other content")
                removeFile(place.models.appending("removed.ckpt"))
                try renameFile(place.models.appending("sub"), place.models.appending("other"))
                try place.addFile("new/deep/new.ckpt", "new")
                daemon.process.send(signal: SIGCONT)
                try await daemon.sync()
                #expect(
                    try await daemon.states() == [
                        "models/kept.ckpt": "indexed", "models/changed.ckpt": "indexed",
                        "models/removed.ckpt": "missing", "models/other/renamed.ckpt": "indexed",
                        "models/new/deep/new.ckpt": "indexed",
                    ])
                let changed = place.models.appending("changed.ckpt")
                #expect(
                    try await daemon.file(changed).sha256
                        == (try await sha256(of: [changed], in: place.directory))[changed.description])
                #expect(daemon.logText.contains("file events were lost"))
                // What was made meanwhile is watched.
                try place.addFile("new/deep/later.ckpt", "later")
                try await daemon.sync()
                #expect(try await daemon.states()["models/new/deep/later.ckpt"] == "indexed")
                // Four before, and the two that changed or came, and the last one.
                #expect(try await daemon.status().hashing.filesTotal == 7)
            }
        }
    }

    @Test func directoryThatNeverRestsHoldsUpNoOther() async throws {
        try await withPlace { place in
            let busy = place.models.appending("busy")
            try makeDirectory(busy)
            let isOver = Switch()
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                async let rounds = onOwnThread("busy") {
                    var rounds = 0
                    while !isOver.isOn {
                        let path = busy.appending("\(rounds % 50).ckpt")
                        try writeFile(path, "\(rounds)")
                        if rounds % 3 == 0 { removeFile(path) }
                        rounds += 1
                        // Without a pause it would keep the whole machine busy, and not only the directory.
                        usleep(2000)
                    }
                    return rounds
                }
                do {
                    for number in 0..<5 {
                        let path = try place.addFile("calm/\(number).ckpt", "calm \(number)")
                        try await daemon.wait("aware of \(path)") {
                            try await daemon.states()["models/calm/\(number).ckpt"] == "indexed"
                        }
                        #expect(try await daemon.control("sync").status == 0)
                    }
                } catch {
                    isOver.turnOn()
                    throw error
                }
                isOver.turnOn()
                #expect(try await rounds > 50)
                try await daemon.sync()
                let present = try directoryNames(busy).map { busy.appending($0) }
                let expected = try await sha256(of: present, in: place.directory)
                let files = try await daemon.files().filter { $0.state != "missing" && $0.folder == "busy" }
                #expect(Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.sha256 ?? "") }) == expected)
            }
        }
    }
}

/// Off until it is turned on.
private final class Switch: Sendable {
    private let state = Mutex(false)

    var isOn: Bool { state.withLock { $0 } }

    func turnOn() { state.withLock { $0 = true } }
}
