internal import Glibc

/// What a file system lies on, as far as the system tells it.
package struct Drive: Hashable, Sendable {
    package enum Kind: Sendable {
        /// Readers do not disturb each other. Memory, and what nothing is known of, too.
        case solid
        /// Each further reader costs seeks. What the kernel says of virtual drives is often wrong.
        case rotating
        case network
    }

    /// The same for all file systems on the same drive or server.
    package let id: String
    package let kind: Kind

    package init(id: String, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// Looks into sysfs and the mount table; makes no call to the drive itself.
    ///
    /// - Parameter device: as in `FileStatus.device`.
    package static func holding(device: UInt64, mounts: MountTable = .current()) -> Drive {
        let number = "\(device >> 32):\(UInt32(truncatingIfNeeded: device))"
        if device >> 32 != 0 { return block(at: FilePath("/sys/dev/block/\(number)")) ?? unknown(number) }
        // Network file systems, btrfs and those in memory have no block device of their own.
        guard let mount = mounts.mounts.first(where: { $0.device == device }) else { return unknown(number) }
        if isNetwork(mount.type) { return Drive(id: "server \(server(of: mount.source))", kind: .network) }
        let source = FilePath(mount.source)
        guard mount.source.hasPrefix("/dev/"),
            let real = realPath(of: source)
        else { return unknown(number) }
        return block(at: FilePath("/sys/class/block").appending(real.name)) ?? unknown(number)
    }

    private static func unknown(_ number: String) -> Drive { Drive(id: "device \(number)", kind: .solid) }

    // MARK: - Block devices

    /// More layers of encryption and volumes than these are not followed.
    private static let layers = 8

    /// The drive of a block device's directory in sysfs: partitions and volumes on one drive are that drive.
    private static func block(at path: FilePath) -> Drive? {
        guard var directory = realPath(of: path) else { return nil }
        for _ in 0..<layers {
            if exists(directory.appending("partition")) { directory = directory.parent }
            // A volume over several drives is one of its own.
            let parts = names(in: directory.appending("slaves"))
            guard parts.count == 1, let part = realPath(of: directory.appending("slaves").appending(parts[0])) else {
                break
            }
            directory = part
        }
        let rotational = try? readFile(directory.appending("queue/rotational"), limit: 16)
        return Drive(
            id: "drive \(escapedText(directory.name))",
            kind: rotational?.first == UInt8(ascii: "1") ? .rotating : .solid)
    }

    private static func realPath(of path: FilePath) -> FilePath? {
        guard let descriptor = try? FileDescriptor.open(path, pathOnlyFlag) else { return nil }
        return LinuxSystem.realPath(ofDescriptor: descriptor.number)
    }

    private static func exists(_ path: FilePath) -> Bool { (try? FileStatus.of(path)) != nil }

    private static func names(in path: FilePath) -> [[UInt8]] {
        guard let directory = try? FileDescriptor.open(path, O_RDONLY | O_DIRECTORY),
            let entries = try? listDirectory(directory.number, shown: path)
        else { return [] }
        return entries.map(\.name)
    }

    // MARK: - Servers

    private static func isNetwork(_ type: String) -> Bool {
        let types: Set = [
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "9p", "glusterfs", "lustre", "fuse.sshfs",
            "fuse.rclone", "fuse.glusterfs", "fuse.s3fs", "fuse.davfs", "fuse.juicefs",
        ]
        return types.contains(type)
    }

    /// `server:/path` and `//server/path` are on one server, whatever the path.
    private static func server(of source: String) -> String {
        if source.hasPrefix("//") { return String(source.dropFirst(2).prefix { $0 != "/" }) }
        guard let end = source.firstRange(of: ":/") ?? source.firstRange(of: ":") else { return source }
        return String(source[..<end.lowerBound])
    }
}
