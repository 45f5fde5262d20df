internal import CLinux
internal import Glibc

/// A file that is written piece by piece under a temporary name, and then put in its place as a whole.
///
/// Until then nobody sees it at its path; when its owner ends before, it is gone.
package struct NewFile: ~Copyable {
    /// Where the file will be.
    private let path: FilePath
    private let directory: FileDescriptor
    private let file: FileDescriptor
    /// Its name until it is in its place, hidden and of a kind that indexes ignore.
    private let temporary: [UInt8]
    /// Something has that name, and is to be removed if it does not get another one.
    private var isNamed: Bool

    /// Begins a file beside `path`, which is looked at only in the end.
    ///
    /// - Parameter nameless: without even a temporary name until the end, where the file system can do so, so that
    ///   nothing of it is left when the process is killed.
    package init(beside path: FilePath, nameless: Bool = false) throws(SystemError) {
        let directory = try FileDescriptor.open(path.parent, O_RDONLY | O_DIRECTORY)
        let name = Array(".\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp".utf8)
        let number = nameless ? Self.openWithoutName(in: directory.number) : -1
        // Nothing of self before the last that may throw: a type with an owner cannot be half made.
        let opened = number < 0 ? try Self.create(name, in: directory.number, shown: path) : number
        isNamed = number < 0
        file = FileDescriptor(owning: opened)
        self.path = path
        self.directory = directory
        temporary = name
    }

    /// An open file with this name. O_EXCL also refuses a link that somebody placed there.
    private static func create(_ name: [UInt8], in directory: Int32, shown path: FilePath) throws(SystemError) -> Int32
    {
        try unsafe withCString(name) { pointer throws(SystemError) in
            try systemCall("open", path.description) {
                unsafe openat(directory, pointer, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            }
        }
    }

    /// An open file that has no name (open(2), O_TMPFILE); -1 where there can be none, as on some network file systems.
    private static func openWithoutName(in directory: Int32) -> Int32 {
        unsafe openat(directory, ".", linux_o_tmpfile | O_WRONLY | O_CLOEXEC, 0o600)
    }

    deinit {
        if isNamed { unsafe withCString(temporary) { _ = unsafe unlinkat(directory.number, $0, 0) } }
    }

    /// Writes the next bytes.
    package borrowing func write(_ bytes: [UInt8]) throws(SystemError) { try file.writeAll(bytes, shown: path) }

    /// Renames the file to its path, in place of what is there, with exactly the permissions `mode`.
    ///
    /// When it returns, file and name are on the disk. A link at the path is itself replaced, not what it leads to.
    package mutating func replace(mode: UInt32) throws(SystemError) {
        let path = path
        try finish(mode: mode) { directory, temporary throws(SystemError) in
            try unsafe withCString(temporary) { old throws(SystemError) in
                try unsafe withCString(path.name) { new throws(SystemError) in
                    _ = try systemCall("rename", path.description) {
                        unsafe renameat(directory, old, directory, new)
                    }
                }
            }
        }
    }

    /// Syncs the file, has it put in its place, and syncs its directory.
    mutating func finish(
        mode: UInt32, putInPlace: (_ directory: Int32, _ temporary: [UInt8]) throws(SystemError) -> Void
    ) throws(SystemError) {
        try systemCall("fchmod", path.description) { fchmod(file.number, mode) }
        try systemCall("fsync", path.description) { fsync(file.number) }
        if !isNamed { try giveName() }
        try putInPlace(directory.number, temporary)
        isNamed = false
        do throws(SystemError) {
            try systemCall("fsync", path.parent.description) { fsync(directory.number) }
        } catch {
            // Some network file systems cannot sync a directory (fsync(2): EINVAL); the file is in its place.
            guard error.errno == .invalidArgument else { throw error }
        }
    }

    /// Gives a file without a name its temporary one (open(2), O_TMPFILE).
    private mutating func giveName() throws(SystemError) {
        let link = Array("/proc/self/fd/\(file.number)".utf8)
        let (directory, name, shown) = (directory.number, temporary, path.description)
        try unsafe withCString(link) { old throws(SystemError) in
            try unsafe withCString(name) { new throws(SystemError) in
                _ = try systemCall("link", shown) { unsafe linkat(AT_FDCWD, old, directory, new, AT_SYMLINK_FOLLOW) }
            }
        }
        isNamed = true
    }
}
