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
        // What had an id that is proof and has none now was put in its place.
        if stored.fileSystemID?.hasPrefix("uuid:") == true, fileSystemID?.hasPrefix("uuid:") != true,
            !fileSystem.hasLastingInodes
        {
            return true
        }
        if let old = stored.fileSystemID, let new = fileSystemID, old.hasPrefix("source:") || new.hasPrefix("source:"),
            old != new
        {
            return true
        }
        return fileSystem.hasLastingInodes && inode != stored.inode
    }

    /// True when agreeing with what is stored is enough to be the same place.
    static func isProven(by fileSystemID: String?, on fileSystem: FileSystemType) -> Bool {
        if fileSystem.hasLastingInodes { return true }
        return fileSystemID?.hasPrefix("uuid:") == true || fileSystemID?.hasPrefix("source:") == true
    }
}
