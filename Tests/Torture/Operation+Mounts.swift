import Glibc
import LinuxSystem
import TestSupport

extension Operation {
    /// File systems that come and go below the roots.
    static let mounts = [
        Operation("mount a tmpfs", .mounts, weight: 3) { torture in
            guard torture.playground.mountPoints.count < 4, let point = torture.someInnerDirectory() else { return nil }
            try torture.run("/bin/mount", ["-t", "tmpfs", "-o", "size=64m", "torture"], point)
            return torture.shown(point)
        },
        Operation("bind-mount a directory", .mounts, weight: 3) { torture in
            let mounted = torture.playground.mountPoints.compactMap { try? FileStatus.of($0).inode }
            let free = torture.playground.bindSources.filter { source in
                (try? FileStatus.of(source).inode).map { !mounted.contains($0) } ?? false
            }
            guard let source = torture.pick(free), let point = torture.someInnerDirectory() else { return nil }
            try torture.run("/bin/mount", ["--bind"], source, point)
            return torture.shown(source, point)
        },
        Operation("unmount", .mounts, weight: 5) { torture in
            guard let point = torture.pick(torture.playground.mountPoints) else { return nil }
            torture.mustBeMissing = Set(
                torture.lastSeen.filter { path, inode in
                    path.isWithin(point) && torture.configuredRoots.contains { path.isWithin($0) }
                        && (try? FileStatus.of(path).inode) == inode && Self.isReal(path.parent)
                }.keys)
            // Somebody may be reading there.
            let isLazy = torture.chance(1, in: 4)
            try torture.unmount(point, lazily: isLazy)
            return torture.shown(point) + (isLazy ? " lazily" : "")
        },
    ]
}

extension Operation {
    /// True when no link leads to a directory; what lies behind a link may be found by another one.
    private static func isReal(_ directory: FilePath) -> Bool {
        guard let descriptor = try? FileDescriptor.open(directory, pathOnlyFlag) else { return false }
        return realPath(ofDescriptor: descriptor.number) == directory
    }
}

extension Torture {
    /// Unmounts what was mounted last at a point; lazily, or also if an open file keeps it in use.
    func unmount(_ point: FilePath, lazily: Bool) throws {
        if !lazily, (try? run("/bin/umount", [], point)) != nil { return }
        try run("/bin/umount", ["--lazy"], point)
    }

    /// Runs a program, which has to succeed.
    fileprivate func run(_ program: String, _ options: [String], _ paths: FilePath...) throws {
        let errors = playground.directory.appending("mount.err")
        let process = try ChildProcess(
            ChildProcess.Launch(
                program: FilePath(program), arguments: options.map { Array($0.utf8) } + paths.map(\.bytes),
                environment: Programs.environment(home: playground.directory, [:]),
                workingDirectory: playground.directory, output: .file(playground.directory.appending("mount.out")),
                errors: errors))
        guard process.wait(until: .distantFuture) == .exited(0) else {
            throw TestFailure("\(program): " + String(decoding: try readFile(errors, limit: 1 << 20), as: UTF8.self))
        }
    }
}
