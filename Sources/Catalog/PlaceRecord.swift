package import LinuxSystem

/// A place as the catalogue knows it: a root, a mount below one, or a followed link to a directory.
package struct PlaceRecord: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case root, mount, link }

    package let path: FilePath
    package let kind: Kind
    /// Identity of the directory when it was last seen.
    package let fileSystemID: String?
    package let inode: UInt64

    package init(path: FilePath, kind: Kind, fileSystemID: String?, inode: UInt64) {
        self.path = path
        self.kind = kind
        self.fileSystemID = fileSystemID
        self.inode = inode
    }
}
