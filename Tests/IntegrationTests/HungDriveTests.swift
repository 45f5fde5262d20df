import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// A drive that does not answer, beside one that does.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(
        if: Mounting.isPossible && (try? FileStatus.of(FilePath("/dev/fuse"))) != nil,
        "to mount a drive that hangs needs root and fuse"))
struct HungDriveTests {
    @Test func drivesThatHangHoldUpNothingElse() async throws {
        try await withPlace { place in
            let (good, drive) = (place.models, place.directory.appending("drive"))
            let links = place.directory.appending("links")
            try place.configure(roots: [drive, good, links])
            try place.addFile("a.pt", "a")
            try makeDirectory(drive)
            try makeDirectory(links)
            try writeFile(links.appending("c.pt"), "c")
            try setAge(links.appending("c.pt"), seconds: 3600)
            // A directory and a file behind links of a root that is not on the drive.
            try makeSymbolicLink(links.appending("linked"), to: drive.appending("loras"))
            try makeSymbolicLink(links.appending("d.pt"), to: drive.appending("file"))
            // The shell mounts the drive before it becomes the daemon, which meets it at its start.
            try await withMountedDrive(place, drive) { daemon, hung in
                try await daemon.waitUntilReady()
                try await daemon.wait("aware of the drive") {
                    try await daemon.status().roots.first?.message == "it does not answer"
                }
                let answer = try await daemon.sync()
                #expect(answer.synced)
                #expect(answer.skipped.contains(drive.description))
                #expect(
                    try await daemon.states() == ["models/a.pt": "indexed", "links/c.pt": "indexed"])
                let roots = try await daemon.status().roots
                #expect(roots.map(\.state) == ["offline", "online", "online"])

                // The rest is as alive as ever.
                try place.addFile("b.pt", "b")
                try await daemon.sync()
                #expect(try await daemon.file(good.appending("b.pt")).state == "indexed")

                // The drive fails for good, and a good one takes its place.
                hung.end()
                try await daemon.inNamespace {
                    try Mounting.unmount(drive, lazily: true)
                    try Mounting.mountMemory(drive)
                    for name in ["loras/e.pt", "file"] {
                        try makeDirectory(drive.appending(name).parent)
                        try writeFile(drive.appending(name), name)
                        try setAge(drive.appending(name), seconds: 3600)
                    }
                }
                let expected = [
                    "models/a.pt": "indexed", "models/b.pt": "indexed", "links/c.pt": "indexed",
                    "links/d.pt": "indexed", "drive/loras/e.pt": "indexed",
                ]
                // While a thread comes back from the drive, sync may still leave its work out.
                try await daemon.wait("over it") {
                    let isOver = try await daemon.sync().skipped.isEmpty
                    return try await daemon.states() == expected && isOver
                }
                #expect(try await daemon.status().state == "ready")
                #expect(try await daemon.stop() == .exited(0))
            }
        }
    }

    @Test
    func driveThatBeginsToHangHoldsUpNeitherTheRestNorTheEnd() async throws {
        try await withPlace { place in
            let drive = place.models.appending("drive")
            try makeDirectory(drive)
            try place.addFile("a.pt", "a")
            try await withStartedDaemon(place, .apart) { daemon in
                try await daemon.waitUntilReady()
                let hung = try await daemon.inNamespace { try Mounting.HungDrive(drive) }
                try await daemon.wait("aware of the drive") {
                    try await daemon.message().contains("\(drive) is offline: it does not answer")
                }
                try place.addFile("b.pt", "b")
                let answer = try await daemon.sync()
                #expect(answer.skipped == [drive.description])
                #expect(try await daemon.states() == ["models/a.pt": "indexed", "models/b.pt": "indexed"])
                // A thread hangs in the kernel all the while.
                #expect(try await daemon.stop() == .exited(0))
                hung.end()
            }
        }
    }

    @Test func theEndDoesNotWaitForAStartThatHangs() async throws {
        try await withPlace { place in
            let drive = place.directory.appending("drive")
            try makeDirectory(drive)
            try place.configure(
                roots: [place.models], "http: {listen: 127.0.0.1:0, token_file: \"\(drive.appending("token"))\"}")
            try await withMountedDrive(place, drive) { daemon, _ in
                try await onOwnThread("wait-for-start") {
                    // A thread of another process that hangs tells nobody.
                    let deadline = MonotonicTime.now.advanced(milliseconds: RunningDaemon.eventMilliseconds)
                    while !hasThread(daemon.process.id, "configuration") {
                        try #require(MonotonicTime.now < deadline)
                        usleep(10_000)
                    }
                }
                // Nobody is told that it is ready when it is asked to reload before it has started.
                daemon.process.send(signal: SIGHUP)
                #expect(try await daemon.stop() == .exited(0))
                #expect(daemon.notifications.messages == ["STOPPING=1"])
            }
        }
    }

    /// Starts a daemon in a namespace where the drive hangs already.
    private func withMountedDrive(
        _ place: Place, _ drive: FilePath, _ body: (RunningDaemon, Mounting.HungDrive) async throws -> Void
    ) async throws {
        let gate = place.directory.appending("gate")
        try systemCall("mkfifo") { unsafe mkfifo(gate.description, 0o600) }
        var launch = RunningDaemon.Launch.apart
        launch.wrapper += ["/bin/sh", "-c", #"read go < "$0"; exec "$@""#, gate.description]
        try await withStartedDaemon(place, launch) { daemon in
            // The namespace is there once the shell waits at the gate, which a writer without a reader cannot open.
            let hung = try await onOwnThread("mount-drive") {
                let writer = try FileDescriptor.open(gate, O_WRONLY)
                try Mounting.enterNamespace(ofProcess: daemon.process.id)
                let hung = try Mounting.HungDrive(drive)
                try writer.writeAll(Array("go\n".utf8), shown: gate)
                return hung
            }
            try await body(daemon, hung)
        }
    }
}

private func hasThread(_ process: Int32, _ name: String) -> Bool {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.contains { Int32($0).flatMap(processName) == name }
}
