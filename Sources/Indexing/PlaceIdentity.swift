internal import LinuxSystem

/// Whether a root is still the place that it was.
enum PlaceIdentity {
    /// True when a place is proven to be another one than it was.
    static func isOther(
        fileSystemID: String?, inode: UInt64, than stored: (fileSystemID: String?, inode: UInt64),
        on fileSystem: FileSystemType
    ) -> Bool {
        if let old = stored.fileSystemID, let new = fileSystemID, old.hasPrefix("uuid:"), new.hasPrefix("uuid:"),
            old != new
        {
            return true
        }
        return fileSystem.hasLastingInodes && inode != stored.inode
    }
}
