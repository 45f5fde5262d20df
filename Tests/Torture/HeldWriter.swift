import Glibc
import LinuxSystem
import TestSupport

/// A program that is writing a file and has not closed it.
final class HeldWriter {
    private let file: FileDescriptor
    /// Where it was opened.
    let path: FilePath
    /// The inode that is written to, wherever its names go.
    let inode: UInt64

    /// Opens a file for writing at its end; `truncating` begins anew.
    init(_ path: FilePath, truncating: Bool) throws {
        let flags = O_WRONLY | O_CREAT | (truncating ? O_TRUNC : O_APPEND)
        let file = try FileDescriptor.open(path, flags, mode: 0o644)
        inode = try file.status().inode
        self.file = file
        self.path = path
    }

    /// Writes some more.
    func write(_ bytes: [UInt8]) throws { try file.writeAll(bytes, shown: path) }
}
