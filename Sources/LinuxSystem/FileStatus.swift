internal import CLinux
internal import Glibc

/// What statx(2) tells of a file.
package struct FileStatus: Hashable, Sendable {
    /// What lies at a path.
    package enum Kind: Sendable { case regular, directory, link, other }

    package let kind: Kind
    /// Bytes.
    package let size: Int64
    /// Nanoseconds since 1970; saturated.
    package let modified: Int64
    /// Last change of the inode, nanoseconds since 1970; saturated.
    package let changed: Int64
    /// Birth time, nanoseconds since 1970; nil where the file system keeps none.
    package let born: Int64?
    package let inode: UInt64
    /// Major number in the upper, minor number in the lower 32 bits. Not lasting: a reboot may change it.
    package let device: UInt64
    package let links: UInt32
    package let owner: UInt32
    package let group: UInt32
    /// Permission bits and file type as in `st_mode`.
    package let mode: UInt32

    /// statx(2) of an open descriptor.
    package static func of(descriptor: Int32) throws(SystemError) -> FileStatus {
        try of([], in: descriptor, flags: linux_at_empty_path, shown: nil)
    }

    /// statx(2) of a path; a link itself with `followLinks: false`.
    package static func of(_ path: FilePath, followLinks: Bool = true) throws(SystemError) -> FileStatus {
        try of(path.bytes, in: AT_FDCWD, followLinks: followLinks, shown: path)
    }

    /// statx(2) of a name in an open directory; `shown` is made only for an error.
    package static func of(
        _ name: [UInt8], in directory: Int32, followLinks: Bool, shown: @autoclosure () -> FilePath
    ) throws(SystemError) -> FileStatus {
        try of(name, in: directory, flags: followLinks ? 0 : AT_SYMLINK_NOFOLLOW, shown: shown())
    }

    private static func of(
        _ name: [UInt8], in directory: Int32, flags: Int32, shown: @autoclosure () -> FilePath?
    ) throws(SystemError) -> FileStatus {
        if name.count >= Int(PATH_MAX) {
            let parent = try openStepwise(directory, name, shown: shown())
            return try of(parent.name, in: parent.directory.number, flags: flags, shown: shown())
        }
        var raw = linux_file_status()
        try unsafe withCString(name) { pointer throws(SystemError) in
            _ = try systemCall("statx", shown()?.description) {
                unsafe linux_file_status_at(directory, pointer, flags, &raw)
            }
        }
        let kind: Kind =
            switch raw.mode & UInt32(S_IFMT) {
            case UInt32(S_IFREG): .regular
            case UInt32(S_IFDIR): .directory
            case UInt32(S_IFLNK): .link
            default: .other
            }
        return FileStatus(
            kind: kind, size: raw.size, modified: raw.modified_ns, changed: raw.changed_ns,
            born: raw.born_ns == .min ? nil : raw.born_ns, inode: raw.inode, device: raw.device, links: raw.links,
            owner: raw.owner, group: raw.group, mode: raw.mode)
    }
}

/// Kinds of file systems by the magic number of statfs(2).
package struct FileSystemType: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    // Magic numbers of linux/magic.h and, for file systems outside it, of their own sources.
    private static let networks: Set<Int64> = [
        0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x517B, 0x0102_1997, 0x00C3_6400, 0x5346_414F, 0x6A65_6A62, 0x0BD0_0BD0,
        0x7461_636F, 0x564C,
    ]
    private static let withoutReliableEvents: Set<Int64> = [0x6573_5546, 0x794C_7630, 0x6A65_6A63]
    private static let withLastingInodes: Set<Int64> = [
        0xEF53, 0x5846_5342, 0x9123_683E, 0x2FC1_2FC1, 0xF2F5_2010, 0x0102_1994, 0x6969,
    ]

    /// Files live on another machine: NFS, SMB, 9P, Ceph, AFS, virtiofs, Lustre, OCFS2, NCP.
    package var isNetwork: Bool { Self.networks.contains(rawValue) }

    /// Changes may happen that inotify does not tell: network file systems, FUSE and overlays.
    package var needsPolling: Bool { isNetwork || Self.withoutReliableEvents.contains(rawValue) }

    /// Inode numbers outlive a remount: ext, xfs, btrfs, zfs, f2fs, tmpfs, NFS.
    package var hasLastingInodes: Bool { Self.withLastingInodes.contains(rawValue) }

    /// FAT and exFAT: no time zone in times, two-second steps.
    package var isFAT: Bool { rawValue == 0x4D44 || rawValue == 0x2011_BAB0 }
}
