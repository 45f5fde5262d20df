internal import LinuxSystem

/// Files that are written, or were shortly ago, and whose directory is renamed: no event tells of the files themselves.
extension ChangeSettling {
    /// A directory of such files that is on its way.
    struct MovingTree: Sendable {
        struct Writer: Sendable {
            /// The path below the directory.
            let path: [UInt8]
            let isReported: Bool
            let isOpen: Bool
        }

        let cookie: UInt32
        let at: MonotonicTime
        let writers: [Writer]
    }

    /// Both halves of a rename come at once; nanoseconds after which the second is not waited for any more.
    private static let patience: Int64 = 1_000_000_000
    /// More directories on their way at once are not remembered.
    private static let movingTreeLimit = 16

    /// A directory left its name with everything below it. What waited under its old paths is forgotten.
    mutating func directoryMovedOut(_ path: FilePath, cookie: UInt32, at now: MonotonicTime) {
        var writers: [MovingTree.Writer] = []
        for directory in directories.keys.filter({ $0.isWithin(path) }) {
            withDirectory(directory) { state in
                for (name, file) in state.files where file.writerIsOpen || (file.wasWritten && file.isReported) {
                    guard let relative = directory.appending(name).relative(to: path) else { continue }
                    writers.append(
                        MovingTree.Writer(path: relative, isReported: file.isReported, isOpen: file.writerIsOpen))
                }
                state.files = [:]
            }
        }
        movingTrees.removeAll { now.since($0.at) > Self.patience }
        if !writers.isEmpty, movingTrees.count < Self.movingTreeLimit {
            movingTrees.append(MovingTree(cookie: cookie, at: now, writers: writers))
        }
        settleFirstEntry()
    }

    /// A directory came to a name with everything below it.
    mutating func directoryMovedIn(_ path: FilePath, cookie: UInt32, at now: MonotonicTime) {
        guard let index = movingTrees.firstIndex(where: { $0.cookie == cookie }) else { return }
        let tree = movingTrees.remove(at: index)
        guard now.since(tree.at) <= Self.patience else { return }
        let timing = timing
        for writer in tree.writers {
            change(path.appending(writer.path), orList: now.advanced(nanoseconds: timing.busyDirectory)) { file in
                file.isReported = writer.isReported
                if writer.isOpen { file.waitForWriter(timing, at: now) } else { file.arriveWritten(at: now) }
            }
        }
        settleFirstEntry()
    }
}
