import LinuxSystem
import TestSupport

/// What operations are done to.
extension Torture {
    /// Everything in the roots now, in bytewise order.
    var contents: Playground.Contents { playground.contents(of: playground.roots) }

    /// A regular file in the roots.
    func someFile() -> FilePath? { pick(contents.files) }

    /// A regular file in the roots that has bytes.
    func someFilledFile() -> FilePath? {
        pick(contents.files.filter { ((try? FileStatus.of($0).size) ?? 0) > 0 })
    }

    /// A directory in the roots, or a root.
    func someDirectory() -> FilePath { pick(contents.directories) ?? playground.roots[0] }

    /// A directory below the roots that is neither a root nor a mount point, with a name that mount(8) takes.
    func someInnerDirectory() -> FilePath? {
        let points = Set(playground.mountPoints)
        return pick(
            contents.directories.filter { !playground.roots.contains($0) && !points.contains($0) && $0.isUTF8 })
    }

    /// A path for a file, where there may be something already.
    func somePlace() -> FilePath {
        let directory = someDirectory()
        return directory.appending(Names.file(&generator))
    }

    /// A path for a directory, not too deep, where there may be something already.
    func someDirectoryPlace() -> FilePath {
        let shallow = contents.directories.filter { directory in
            playground.roots.contains { root in
                directory.relative(to: root).map { $0.split(separator: UInt8(ascii: "/")).count < 4 } ?? false
            }
        }
        let directory = pick(shallow) ?? playground.roots[0]
        return directory.appending(Names.directory(&generator))
    }

    /// A path as the journal shows it.
    func shown(_ path: FilePath) -> String {
        let text = path.relative(to: playground.directory).map { escapedText($0) } ?? path.description
        return text.replacing("\n", with: "⏎")
    }

    func shown(_ old: FilePath, _ new: FilePath) -> String { "\(shown(old)) → \(shown(new))" }

    /// Gives a file an age, or leaves it as new as it is.
    func ageMaybe(_ path: FilePath) throws {
        if chance(1, in: 3) { try setAge(path, seconds: random(5...1_000_000)) }
    }
}
