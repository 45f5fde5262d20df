internal import CLinux
internal import Glibc

extension FileDescriptor {
    /// Reads once at `offset` into `buffer` and returns the number of bytes, 0 at the end of the file.
    ///
    /// `uncached` asks the kernel not to keep what only this call brought into the page cache; a kernel or file
    /// system that cannot do so throws EOPNOTSUPP, EINVAL or ENOSYS.
    @unsafe package borrowing func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int64, uncached: Bool, shown: FilePath
    ) throws(SystemError) -> Int {
        let number = self.number
        return try systemCall("read", "\(shown) at byte \(offset)") {
            unsafe linux_read_at(number, buffer.baseAddress, buffer.count, offset, uncached ? 1 : 0)
        }
    }

    /// A second descriptor of the same open file, with a life of its own (fcntl(2), F_DUPFD_CLOEXEC).
    package borrowing func duplicate(shown: FilePath) throws(SystemError) -> FileDescriptor {
        let number = self.number
        return FileDescriptor(
            owning: try systemCall("fcntl", shown.description) { fcntl(number, F_DUPFD_CLOEXEC, 0) })
    }
}
