import Glibc
import LinuxSystem
import TestSupport

extension Operation {
    /// The ways in which browsers and download managers leave unfinished files behind.
    static let downloads = [
        Operation("begin a .part", .downloads, weight: 3) { torture in
            let name = Names.model(&torture.generator)
            let ending = torture.pick([".part", ".crdownload"]) ?? ".part"
            let path = torture.someDirectory().appending(name + Array(ending.utf8))
            try writeFile(path, FileContents.whole(&torture.generator))
            return torture.shown(path)
        },
        Operation("begin as Firefox does", .downloads, weight: 3) { torture in
            let path = torture.someDirectory().appending(Names.model(&torture.generator))
            try writeFile(path, [])
            try writeFile(
                path.parent.appending(path.name + Array(".part".utf8)), FileContents.whole(&torture.generator))
            return torture.shown(path)
        },
        Operation("finish a .part", .downloads, weight: 5) { torture in
            let unfinished = torture.contents.files.compactMap { path -> (FilePath, FilePath)? in
                for ending in [".part", ".crdownload"]
                where path.name.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
                    let name = path.name.dropLast(ending.utf8.count)
                    return name.isEmpty ? nil : (path, path.parent.appending(Array(name)))
                }
                return nil
            }
            guard let (old, new) = torture.pick(unfinished) else { return nil }
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("begin as aria2 does", .downloads, weight: 3) { torture in
            let path = torture.someDirectory().appending(Names.model(&torture.generator))
            try writeFile(path.parent.appending(path.name + mark), "notes")
            // Of full length at once, with a hole where bytes are still to come.
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
            let bytes = FileContents.unreadable(torture.random(100...20_000), &torture.generator)
            try file.writeAll(bytes, shown: path)
            try systemCall("ftruncate", path.description) { ftruncate(file.number, 2 * bytes.count) }
            torture.begun.insert(FileIdentity(try file.status()))
            return torture.shown(path)
        },
        Operation("finish as aria2 does", .downloads, weight: 4) { torture in
            let marks = torture.contents.files.filter { $0.name.suffix(mark.count).elementsEqual(mark) }
            guard let markPath = torture.pick(marks) else { return nil }
            let path = markPath.parent.appending(markPath.name.dropLast(mark.count))
            if let file = try? FileDescriptor.open(path, O_WRONLY) {
                try file.writeAll(
                    FileContents.unreadable(torture.random(100...20_000), &torture.generator), shown: path)
                torture.begun.remove(FileIdentity(try file.status()))
            }
            removeFile(markPath)
            return torture.shown(path)
        },
    ]

    /// Files that are held open.
    static let writers = [
        Operation("open and write", .writers, weight: 5) { torture in
            guard torture.writers.count < 3, !torture.daemon.isStalled else { return nil }
            let isNew = torture.chance(2, in: 3)
            guard let path = isNew ? torture.somePlace() : torture.someFile() else { return nil }
            if (try? FileStatus.of(path).kind) == .regular { try torture.noteComplete(path) }
            let truncates = torture.chance(1, in: 2)
            let writer = try HeldWriter(path, truncating: truncates)
            torture.writers.append(writer)
            if torture.chance(4, in: 5) {
                try writer.write(FileContents.unreadable(torture.random(8...50_000), &torture.generator))
            }
            return torture.shown(path) + (truncates ? " anew" : " at its end")
        },
        Operation("write more", .writers, weight: 5) { torture in
            guard !torture.daemon.isStalled, let writer = torture.pick(torture.writers) else { return nil }
            try writer.write(torture.generator.bytes(torture.random(1...100_000)))
            return "\(torture.shown(writer.path))"
        },
        Operation("close", .writers, weight: 5) { torture in
            guard !torture.daemon.isStalled, !torture.writers.isEmpty else { return nil }
            let writer = torture.writers.remove(at: torture.random(0...torture.writers.count - 1))
            return torture.shown(writer.path)
        },
    ]

    /// What aria2 adds to the name of a file for its notes about what is still to come.
    private static let mark = Array(".aria2".utf8)
}
