internal import Glibc

/// Where a path leads.
package enum PathResolution: Sendable, Hashable {
    /// Something is there; the path without links that leads to it.
    case found(FilePath)
    /// The way goes on in a mount that was not to be entered.
    case elsewhere(MountTable.Mount)
    /// The way ends: `ancestor` is there and has nothing of that name.
    case missing(ancestor: FilePath, name: [UInt8])
    case failed(SystemError)
}

/// A name on the way to where a path leads, and the directory without links that it is looked for in.
package struct PathStep: Sendable, Hashable {
    package let directory: FilePath
    package let name: [UInt8]
}

/// Follows paths through links and mounts, one component after the other, so that a mount which may hang is only
/// entered by the thread that may hang with it.
package struct PathResolver: Sendable {
    private let table: MountTable
    private let mounts: [FilePath: MountTable.Mount]

    /// As many links as the kernel follows (path_resolution(7)).
    private static let linkLimit = 40

    package init(_ table: MountTable) {
        self.table = table
        var mounts: [FilePath: MountTable.Mount] = [:]
        for mount in table.mounts where table.mount(holding: mount.point) == mount { mounts[mount.point] = mount }
        self.mounts = mounts
    }

    /// The mounts that paths lead to; others are hidden below them.
    package var visible: [MountTable.Mount] { Array(mounts.values) }

    /// The mount whose root is exactly this path; nil for any other path.
    package func mount(at path: FilePath) -> MountTable.Mount? { mounts[path] }

    /// The mount on which a path without links lies.
    package func mount(holding path: FilePath) -> MountTable.Mount? {
        var next = path
        while true {
            if let mount = mounts[next] { return mount }
            if next == .root || next.parent == next { return nil }
            next = next.parent
        }
    }

    /// Follows an absolute path. The mount of `/` is always entered: without it nothing works.
    ///
    /// - Parameter passing: is told of each name on the way and the directory that it is looked for in, also of the
    ///   one with which the way ends.
    package func resolve(
        _ path: FilePath, passing: (PathStep) -> Void = { _ in }, mayEnter: (MountTable.Mount) -> Bool
    ) -> PathResolution {
        var waiting = Self.components(of: path.bytes)
        var current = FilePath.root
        var links = 0
        while let component = waiting.popLast() {
            if component == Array(".".utf8) { continue }
            if component == Array("..".utf8) {
                current = current.parent
                continue
            }
            passing(PathStep(directory: current, name: component))
            let next = current.appending(component)
            if let mount = mounts[next], !mayEnter(mount) { return .elsewhere(mount) }
            do throws(SystemError) {
                guard let target = try linkTarget(of: next) else {
                    current = next
                    continue
                }
                links += 1
                guard links <= Self.linkLimit else {
                    return .failed(SystemError(.tooManyLinks, call: "readlink", subject: path.description))
                }
                if target.first == UInt8(ascii: "/") { current = .root }
                waiting += Self.components(of: target)
            } catch {
                return error.errno == .noEntry ? .missing(ancestor: current, name: component) : .failed(error)
            }
        }
        return .found(current)
    }

    /// The components of a path, the first one last.
    private static func components(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "/")).map { Array($0) }.reversed()
    }
}

/// What a symbolic link holds; nil for anything that is no link.
package func linkTarget(of path: FilePath) throws(SystemError) -> [UInt8]? {
    if path.bytes.count >= Int(PATH_MAX) {
        let parent = try openStepwise(AT_FDCWD, path.bytes, shown: path)
        return try linkTarget(of: parent.name, in: parent.directory.number, shown: path)
    }
    return try linkTarget(of: path.bytes, in: AT_FDCWD, shown: path)
}

private func linkTarget(of name: [UInt8], in directory: Int32, shown: FilePath) throws(SystemError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length: Int
    do throws(SystemError) {
        length = try unsafe withCString(name) { pointer throws(SystemError) in
            try systemCall("readlink", shown.description) {
                unsafe buffer.withUnsafeMutableBytes { bytes -> Int in
                    guard let start = bytes.baseAddress else { return 0 }
                    return unsafe readlinkat(directory, pointer, start.assumingMemoryBound(to: CChar.self), bytes.count)
                }
            }
        }
    } catch {
        guard error.errno == .invalidArgument else { throw error }
        return nil
    }
    return Array(buffer[..<length])
}
