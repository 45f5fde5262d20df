internal import Glibc

/// Files that are replaced as a whole: readers and a crash see the old bytes or the new ones, nothing between.
package enum AtomicFile {
    /// Writes `bytes` to a new file beside `path` with exactly the permissions `mode`, and renames it into place.
    ///
    /// When it returns, file and name are on the disk. A link at `path` is itself replaced, not what it leads to.
    package static func replace(_ path: FilePath, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let directory = try FileDescriptor.open(path.parent, O_RDONLY | O_DIRECTORY)
        let name = Array(".\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp".utf8)
        let temporary = path.parent.appending(name)
        // Private until it has its final permissions; O_EXCL also refuses a link that somebody placed there.
        let file = try FileDescriptor.openAt(
            directory.number, name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, shown: temporary)
        do throws(SystemError) {
            try file.writeAll(bytes, shown: temporary)
            try systemCall("fchmod", temporary.description) { fchmod(file.number, mode) }
            try systemCall("fsync", temporary.description) { fsync(file.number) }
            try unsafe withCString(name) { old throws(SystemError) in
                try unsafe withCString(path.name) { new throws(SystemError) in
                    _ = try systemCall("rename", path.description) {
                        unsafe renameat(directory.number, old, directory.number, new)
                    }
                }
            }
        } catch {
            unsafe withCString(name) { _ = unsafe unlinkat(directory.number, $0, 0) }
            throw error
        }
        do throws(SystemError) {
            try systemCall("fsync", path.parent.description) { fsync(directory.number) }
        } catch {
            // Some network file systems cannot sync a directory (fsync(2): EINVAL); the file is in its place.
            guard error.errno == .invalidArgument else { throw error }
        }
    }
}
