/// Operations that can be left out together.
enum OperationGroup: String, CaseIterable {
    /// Create, write, append, truncate, rewrite, touch, chmod, rename, replace, exchange, copy, delete.
    case files
    /// What browsers and aria2 leave beside unfinished files.
    case downloads
    /// Files that stay open for writing over several operations.
    case writers
    /// Rewrites of the same size with the old modification time put back.
    case forgeries
    /// Directories made, moved, exchanged and deleted with what they hold.
    case trees
    /// Files with several names.
    case hardlinks
    /// Symbolic links to files and directories, within the roots and to outside of them.
    case links
    /// tmpfs and bind mounts below roots; needs root.
    case mounts
    /// kill -9 and orderly ends of the daemon, with changes while it is away.
    case restarts
    /// Bursts that overflow the queue of events.
    case overflows
    /// No operations, but the expectation that a writer is noticed whom no event told of.
    case leases
    /// A root that leaves the configuration and comes back.
    case reloads
}
