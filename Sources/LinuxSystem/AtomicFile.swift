internal import CLinux
internal import Glibc

/// Files that are replaced as a whole: readers and a crash see the old bytes or the new ones, nothing between.
package enum AtomicFile {
    /// Writes `bytes` to a new file beside `path` with exactly the permissions `mode`, and renames it into place.
    ///
    /// When it returns, file and name are on the disk. A link at `path` is itself replaced, not what it leads to.
    package static func replace(_ path: FilePath, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        var file = try NewFile(beside: path)
        try file.write(bytes)
        try file.replace(mode: mode)
    }

    /// As `replace`, but only where nothing has the name: EEXIST otherwise, and what is there stays.
    package static func create(_ path: FilePath, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        try write(bytes, beside: path, mode: mode) { directory, temporary throws(SystemError) in
            try unsafe withCString(temporary) { old throws(SystemError) in
                try unsafe withCString(path.name) { new throws(SystemError) in
                    // File systems without hard links can rename so, and most of those that cannot have hard links.
                    if unsafe linkat(directory, old, directory, new, 0) == 0 {
                        _ = unsafe unlinkat(directory, old, 0)
                        return
                    }
                    let error = Errno.current
                    guard error == .notPermitted || error == .notSupported else {
                        throw SystemError(error, call: "link", subject: path.description)
                    }
                    _ = try systemCall("rename", path.description) {
                        unsafe linux_rename_without_replacing(directory, old, new)
                    }
                }
            }
        }
    }

    /// Writes a new file beside `path`, has it put in its place, and syncs both.
    private static func write(
        _ bytes: [UInt8], beside path: FilePath, mode: UInt32,
        putInPlace: (_ directory: Int32, _ temporary: [UInt8]) throws(SystemError) -> Void
    ) throws(SystemError) {
        var file = try NewFile(beside: path)
        try file.write(bytes)
        try file.finish(mode: mode, putInPlace: putInPlace)
    }
}
