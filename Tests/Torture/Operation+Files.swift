import Glibc
import LinuxSystem
import TestSupport

extension Operation {
    /// Single files.
    static let files = [
        Operation("create", .files, weight: 14) { torture in
            // Without a bound a long run would grow without end.
            guard torture.contents.files.count < 150 else { return nil }
            let path = torture.somePlace()
            try writeFile(path, FileContents.whole(&torture.generator))
            try torture.ageMaybe(path)
            return torture.shown(path)
        },
        Operation("append", .files, weight: 4) { torture in
            guard let path = torture.someFile() else { return nil }
            let file = try FileDescriptor.open(path, O_WRONLY | O_APPEND)
            try file.writeAll(torture.generator.bytes(torture.random(1...10_000)), shown: path)
            return torture.shown(path)
        },
        Operation("truncate", .files, weight: 3) { torture in
            guard let path = torture.someFilledFile() else { return nil }
            let file = try FileDescriptor.open(path, O_WRONLY)
            let size = torture.random(0...Int(try file.status().size) - 1)
            try systemCall("ftruncate", path.description) { ftruncate(file.number, size) }
            return "\(torture.shown(path)) to \(size)"
        },
        Operation("rewrite in place", .files, weight: 4) { torture in
            guard let path = torture.someFilledFile() else { return nil }
            try torture.rewriteEnd(of: path)
            return torture.shown(path)
        },
        Operation("forge", .forgeries, weight: 4) { torture in
            // A forgery that nobody could see is not found after a move, which changes the inode as well.
            guard torture.daemon.isRunning, !torture.daemon.isStalled, let path = torture.someFilledFile(),
                PlainWalk.isModel(path.name), PlainWalk.isSeen(path, in: torture.configuredRoots)
            else { return nil }
            // Nor one in the moment in which the file is looked at for the first time.
            try torture.daemon.waitUntilSettled()
            let modified = try FileStatus.of(path).modified
            try torture.rewriteEnd(of: path)
            try setTimes(path, nanoseconds: modified)
            try torture.daemon.waitUntilSettled()
            return torture.shown(path)
        },
        Operation("touch", .files, weight: 4) { torture in
            guard let path = torture.someFile() else { return nil }
            let seconds = torture.pick([0, 0, 1, 3600, 40_000_000, -3600]) ?? 0
            try setAge(path, seconds: seconds)
            return "\(torture.shown(path)) \(seconds) s old"
        },
        Operation("chmod", .files, weight: 4) { torture in
            guard let path = torture.someFile() else { return nil }
            chmodPath(path, torture.pick([0o644, 0o600, 0o640, 0o755]) ?? 0o644)
            return torture.shown(path)
        },
        Operation("rename", .files, weight: 10) { torture in
            guard let old = torture.someFile() else { return nil }
            let new =
                torture.chance(1, in: 2) ? old.parent.appending(Names.file(&torture.generator)) : torture.somePlace()
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("replace", .files, weight: 4) { torture in
            guard let old = torture.someFile(), let new = torture.someFile() else { return nil }
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("exchange", .files, weight: 4) { torture in
            guard let left = torture.someFile(), let right = torture.someFile() else { return nil }
            try exchangeFiles(left, right)
            return torture.shown(left, right)
        },
        Operation("copy", .files, weight: 5) { torture in
            guard torture.contents.files.count < 150, let old = torture.someFile() else { return nil }
            let new = torture.somePlace()
            try writeFile(new, try readFile(old, limit: 64 << 20))
            let keepsTime = torture.chance(1, in: 2)
            if keepsTime { try setTimes(new, nanoseconds: try FileStatus.of(old).modified) }
            return torture.shown(old, new) + (keepsTime ? " with its time" : "")
        },
        Operation("delete", .files, weight: 7) { torture in
            guard let path = torture.someFile() else { return nil }
            removeFile(path)
            return torture.shown(path)
        },
        Operation("move out", .files, weight: 2) { torture in
            guard let old = torture.someFile() else { return nil }
            let new = torture.playground.attic.appending(old.name)
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("move in", .files, weight: 2) { torture in
            let away = torture.playground.contents(of: [torture.playground.attic]).files
            guard let old = torture.pick(away) else { return nil }
            let new = torture.somePlace()
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("hard link", .hardlinks, weight: 4) { torture in
            // The close of a writer is told by the name that it was opened by, and that may be one that nobody follows.
            guard let target = torture.someFile(), PlainWalk.isModel(target.name),
                PlainWalk.isSeen(target, in: torture.playground.roots),
                let inode = try? FileStatus.of(target).inode,
                !torture.writers.contains(where: { $0.inode == inode })
            else { return nil }
            let path = torture.somePlace()
            try makeHardLink(path, to: target)
            return torture.shown(target, path)
        },
    ]
}

extension Torture {
    /// Changes bytes near the end of a file, which keeps its size.
    fileprivate func rewriteEnd(of path: FilePath) throws {
        let file = try FileDescriptor.open(path, O_RDWR)
        let size = Int(try file.status().size)
        let count = min(random(1...4096), max(1, size / 4))
        let bytes = try file.read(upTo: count, at: Int64(size - count), shown: path).map { $0 ^ 0x5A }
        try systemCall("pwrite", path.description) {
            unsafe bytes.withUnsafeBytes { unsafe pwrite(file.number, $0.baseAddress, $0.count, size - count) }
        }
    }
}
