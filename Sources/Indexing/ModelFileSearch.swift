internal import DirectoryWatching
internal import LinuxSystem

/// Ends at the first model file.
struct ModelFileSearch: TreeWalkVisitor {
    let thread: WalkingThread
    private(set) var hasFound = false

    init(thread: WalkingThread) { self.thread = thread }

    var isCancelled: Bool { hasFound || thread.isStopping }

    mutating func listed(_ directory: ListedDirectory) {
        thread.sign()
        hasFound = hasFound || !directory.files.isEmpty
    }

    mutating func failed(_ path: FilePath, _ error: SystemError) { thread.sign() }
    /// Where somebody has put a link, there is no empty mount point.
    mutating func reached(_ path: FilePath, _ boundary: TreeBoundary) { hasFound = hasFound || boundary == .link }
    mutating func leftUnwatched(_ path: FilePath) {}
    mutating func gotOn() { thread.sign() }
    mutating func skipped(_ path: FilePath) {}
}
