import Glibc
import LinuxSystem
import TestSupport

/// What lies in directories by a walk as simple as can be: the truth that the index is held to.
struct PlainWalk {
    /// A model file that was found.
    struct File {
        let status: FileStatus
        /// The first bytes of a file that may promise more than it has.
        let start: [UInt8]
        /// Seconds since a file beside it that says that it is unfinished, or it itself, was changed; nil without one.
        let markAge: Int64?
        let isLink: Bool
    }

    private static let endings = [".safetensors", ".sft", ".ckpt", ".pt", ".pt2", ".pth", ".bin", ".gguf"]
    private static let ignoredEndings = [
        ".part", ".partial", ".crdownload", ".aria2", ".tmp", ".download", ".incomplete", ".!qb",
    ]

    /// The roots as they are configured.
    let roots: [FilePath]
    private(set) var files: [FilePath: File] = [:]
    /// Links to directories outside of all roots, by the directory's inode: one of them shows what it holds.
    private(set) var directoryLinks: [UInt64: [FilePath]] = [:]

    /// - Parameter indexed: what the index holds, to see which of several links to a directory it has chosen.
    init(roots: [FilePath], indexed: Set<FilePath>) throws {
        self.roots = roots
        for root in roots { try walk(root) }
        for links in directoryLinks.values {
            let chosen = links.first { link in indexed.contains { $0.isWithin(link) } }
            // Those who have the choice take the first.
            if let link = chosen ?? links.min() { try walk(link) }
        }
    }

    /// Inodes that have more names than the walk has found: a write by another name tells nobody who watches these.
    var inodesWithOtherNames: Set<UInt64> {
        let names = Dictionary(grouping: files.values.filter { !$0.isLink }, by: \.status.inode)
        return Set(
            files.values.filter { $0.status.links > names[$0.status.inode]?.count ?? 0 && $0.status.links > 1 }.map(
                \.status.inode))
    }

    private mutating func walk(_ directory: FilePath) throws {
        for name in try directoryNames(directory) where !Self.isIgnored(name) {
            let path = directory.appending(name)
            let kind = try FileStatus.of(path, followLinks: false).kind
            guard let status = try? FileStatus.of(path) else { continue }
            switch status.kind {
            case .directory:
                if kind == .directory { try walk(path) } else { note(link: path, to: status) }
            case .regular: if Self.isModel(name) { try note(path, status, isLink: kind == .link) }
            case .link, .other: break
            }
        }
    }

    private mutating func note(link: FilePath, to status: FileStatus) {
        guard let directory = try? FileDescriptor.open(link, pathOnlyFlag),
            let real = realPath(ofDescriptor: directory.number), !Self.isSeen(real, in: roots)
        else { return }
        directoryLinks[status.inode, default: []].append(link)
    }

    private mutating func note(_ path: FilePath, _ status: FileStatus, isLink: Bool) throws {
        let name = Self.lowercased(path.name)
        var start = try FileDescriptor.open(path, O_RDONLY).read(upTo: 512, at: 0, shown: path)
        // Under a name of PyTorch's the content has to be there to tell that it is safetensors; under one of GGUF's it
        // never is.
        let isNamedSafetensors = name.hasSuffix(".safetensors") || name.hasSuffix(".sft")
        if !isNamedSafetensors, name.hasSuffix(".gguf") || start.count < 10 { start = [] }
        let mark = path.parent.appending(path.name + Array(".aria2".utf8))
        let markAge = (try? FileStatus.of(mark)).map {
            (WallClock.now - max($0.modified, status.modified)) / 1_000_000_000
        }
        files[path] = File(status: status, start: start, markAge: markAge, isLink: isLink)
    }

    /// True when no component of a path in a root is ignored.
    static func isSeen(_ path: FilePath, in roots: [FilePath]) -> Bool {
        roots.contains { root in
            guard let relative = path.relative(to: root) else { return false }
            return !relative.split(separator: UInt8(ascii: "/")).contains { isIgnored(Array($0)) }
        }
    }

    private static func isIgnored(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".") || ignoredEndings.contains { lowercased(name).hasSuffix($0) }
    }

    /// True for the name of a model file.
    static func isModel(_ name: [UInt8]) -> Bool { endings.contains { lowercased(name).hasSuffix($0) } }

    private static func lowercased(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self).lowercased() }
}
