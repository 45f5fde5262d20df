package import LinuxSystem

/// A regular file, or a link to one, that a walk found.
package struct FoundFile: Sendable {
    package let name: [UInt8]
    /// Of the file itself, also behind a link.
    package let status: FileStatus
    /// Where the link leads, without further links; nil for what is no link.
    package let target: FilePath?

    package var isLink: Bool { target != nil }

    package init(name: [UInt8], status: FileStatus, target: FilePath?) {
        self.name = name
        self.status = status
        self.target = target
    }

    /// The file with a name in an open directory; nil when there is none, or it cannot be asked about.
    ///
    /// - Parameters:
    ///   - realPath: of the file, with no link in the way to its directory.
    ///   - followsLinks: false for no file behind a link.
    ///   - resolve: follows a link, without entering mounts that are not the caller's.
    package static func regular(
        _ name: [UInt8], in directory: Int32, realPath: FilePath, followsLinks: Bool,
        resolve: (FilePath) -> PathResolution
    ) -> FoundFile? {
        guard let own = try? FileStatus.of(name, in: directory, followLinks: false, shown: realPath) else {
            return nil
        }
        if own.kind == .regular { return FoundFile(name: name, status: own, target: nil) }
        guard followsLinks, own.kind == .link, case .found(let target) = resolve(realPath),
            let status = try? FileStatus.of(target), status.kind == .regular
        else { return nil }
        return FoundFile(name: name, status: status, target: target)
    }
}

/// What a directory that was listed to its end holds, but for the directories that are walked with it.
package struct ListedDirectory: Sendable {
    package let path: FilePath
    /// Open for the time of the call.
    package let descriptor: Int32
    /// As in `FileStatus.device`.
    package let device: UInt64
    /// The files whose names are reported, in bytewise order.
    package var files: [FoundFile] = []
    /// Files that lie beside one of `files` and say something of it, in bytewise order.
    package var companions: [FoundFile] = []
    /// Names that may be files and could not be asked about.
    package var unreadable: [(name: [UInt8], error: SystemError)] = []
    /// Links with the names of files that lead into a mount which is not this walk's to enter.
    package var filesElsewhere: [(name: [UInt8], mount: MountTable.Mount)] = []
    /// Links to nothing, with the directory in which their targets would appear under a name.
    package var dangling: [(name: [UInt8], ancestor: FilePath, missing: [UInt8])] = []
    /// Names of what begins here and is walked by itself.
    package var boundaries: [[UInt8]] = []
}

/// The links of a directory, by where they lead.
package struct ListedLinks: Sendable {
    package var files: [FoundFile] = []
    package var directories: [[UInt8]] = []
    /// Links to nothing, with the directory in which their targets would appear under a name.
    package var dangling: [(name: [UInt8], ancestor: FilePath, missing: [UInt8])] = []
}
