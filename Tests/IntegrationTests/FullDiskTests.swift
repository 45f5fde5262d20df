import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// A data directory on a file system without room.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FullDiskTests {
    @Test(.enabled(if: canMount, "mounting a small tmpfs needs root and mount(8)"))
    func daemonGoesOnAndRecovers() async throws {
        try await withPlace { place in
            try makeDirectory(place.dataDirectory)
            try await mount("-t", "tmpfs", "-o", "size=16m,mode=700", "kikod-test", place.dataDirectory.description)
            do {
                try await fillAndFree(place)
            } catch {
                try await unmount(place)
                throw error
            }
            try await unmount(place)
        }
    }

    private func fillAndFree(_ place: Place) async throws {
        try place.addFile("early.ckpt", "early")
        try await withDaemon(place) { daemon in
            try await daemon.sync()
            let ballast = place.dataDirectory.appending("ballast")
            fill(ballast)
            for index in 0..<300 { try place.addFile("late/\(index).ckpt", "late \(index)") }
            try await daemon.waitForNotifications("trouble") { $0.contains { $0.contains("cannot be written") } }
            let degraded = try await daemon.status()
            #expect(degraded.state == "degraded")
            // What was known is still answered.
            #expect(try await daemon.file(place.models.appending("early.ckpt")).state == "indexed")
            #expect(daemon.logText.contains("cannot be written"))

            removeFile(ballast)
            let scan = try await daemon.control("scan", "--wait")
            #expect(scan.status == 0, "\(scan.errors)")
            try await daemon.sync()
            let files = try await daemon.files()
            #expect(files.count == 301)
            #expect(files.allSatisfy { $0.state == "indexed" && $0.sha256 != nil })
            #expect(try await daemon.status().state == "ready")
        }
    }

    /// Writes until there is no room left.
    private func fill(_ path: FilePath) {
        guard let file = try? FileDescriptor.open(path, O_WRONLY | O_CREAT, mode: 0o600) else { return }
        for size in [1 << 20, 65_536, 4096, 512, 1] {
            let bytes = [UInt8](repeating: 0x55, count: size)
            while (try? file.writeAll(bytes, shown: path)) != nil {}
        }
    }

    private func unmount(_ place: Place) async throws {
        // Lazily, so that nothing that still holds a file there can keep the directory in use.
        let result = try await run(
            FilePath("/usr/bin/umount"), ["-l", place.dataDirectory.description].map { Array($0.utf8) },
            in: FilePath("/"))
        #expect(result.status == 0, "\(result.errors)")
    }

    private func mount(_ arguments: String...) async throws {
        let result = try await run(FilePath("/usr/bin/mount"), arguments.map { Array($0.utf8) }, in: FilePath("/"))
        guard result.status == 0 else { throw IntegrationFailure("mount: \(result.errors)") }
    }
}

/// True when a file system can be mounted, which is tried: root in a container often may not.
private let canMount: Bool = {
    guard geteuid() == 0, let directory = try? makeMountPoint() else { return false }
    defer { removeTree(directory) }
    let arguments = ["-t", "tmpfs", "-o", "size=64k", "kikod-test", directory.description]
    guard runs("/usr/bin/mount", arguments, directory) else { return false }
    return runs("/usr/bin/umount", ["-l", directory.description], directory)
}()

private func makeMountPoint() throws -> FilePath {
    let path = FilePath("/tmp/kikod-test-mount-\(getpid())")
    try makeDirectory(path)
    return path
}

private func runs(_ program: String, _ arguments: [String], _ directory: FilePath) -> Bool {
    let null = FilePath("/dev/null")
    let launch = ChildProcess.Launch(
        program: FilePath(program), arguments: arguments.map { Array($0.utf8) }, environment: ["PATH=/usr/bin:/bin"],
        workingDirectory: .root, output: .file(null), errors: null)
    guard let process = try? ChildProcess(launch) else { return false }
    defer { process.destroy() }
    return process.wait(until: .now.advanced(milliseconds: hangMilliseconds)) == .exited(0)
}
