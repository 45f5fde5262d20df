package import LinuxSystem

/// What a watcher tells: hints where to look. What really happened is found by looking.
package enum DirectoryChange: Hashable, Sendable {
    /// One name in a directory changed.
    case file(FilePath, FileHint)
    /// A directory has to be listed again, with everything below it when `recursive`.
    case directory(FilePath, recursive: Bool)
    /// The kernel dropped events: everything has to be listed again.
    case eventsLost
    /// A moment that was asked for with `DirectoryWatcher.schedule` has come.
    case due(tag: String)
}

/// What the events of a file allow to expect of it.
package enum FileHint: Hashable, Sendable {
    /// Only its inode changed (mode, owner, links, times), no byte of it.
    case attributes
    /// It is there; nobody was seen writing to it.
    case appeared
    /// It came under this name by rename and nobody is seen writing to it: complete.
    case arrived
    /// It came as with `.arrived`, so shortly after the end of a write that nobody has looked at it since.
    case arrivedWritten
    /// Somebody writes to it; `.settled` follows when that is over.
    case writing
    /// The quiet time after the last write is over.
    case settled
    /// The name was removed or renamed away.
    case gone
}
