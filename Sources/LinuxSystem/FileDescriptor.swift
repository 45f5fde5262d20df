internal import CLinux
internal import Glibc

/// An open file descriptor with one owner; closed when the owner ends.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number, for calls that borrow it. Never close it.
    package let number: Int32

    /// Takes ownership of an open descriptor.
    package init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// open(2) with O_CLOEXEC.
    package static func open(
        _ path: FilePath, _ flags: Int32, mode: UInt32 = 0
    ) throws(SystemError) -> FileDescriptor {
        try openAt(AT_FDCWD, path.bytes, flags, mode: mode, shown: path)
    }

    /// openat(2) with O_CLOEXEC; `shown` names the file in an error.
    package static func openAt(
        _ directory: Int32, _ name: [UInt8], _ flags: Int32, mode: UInt32 = 0, shown: FilePath
    ) throws(SystemError) -> FileDescriptor {
        if name.count >= Int(PATH_MAX) {
            let parent = try openStepwise(directory, name, shown: shown)
            return try openAt(parent.directory.number, parent.name, flags, mode: mode, shown: shown)
        }
        let number = try unsafe withCString(name) { pointer throws(SystemError) in
            try systemCall("open", shown.description) {
                unsafe Glibc.openat(directory, pointer, flags | O_CLOEXEC, mode)
            }
        }
        return FileDescriptor(owning: number)
    }

    /// As `openAt` for one name, but nothing that is mounted there is entered or asked: that is an error (EXDEV).
    package static func openWithinMount(
        _ directory: Int32, _ name: [UInt8], _ flags: Int32, shown: FilePath
    ) throws(SystemError) -> FileDescriptor {
        let number = try unsafe withCString(name) { pointer throws(SystemError) in
            try systemCall("open", shown.description) {
                unsafe linux_open_within_mount(directory, pointer, flags | O_CLOEXEC)
            }
        }
        return FileDescriptor(owning: number)
    }

    /// What the kernel says of the open file.
    package func status() throws(SystemError) -> FileStatus { try FileStatus.of(descriptor: number) }

    /// Writes all bytes.
    package borrowing func writeAll(_ bytes: [UInt8], shown: FilePath) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try systemCall("write", shown.description) {
                unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(number, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
        }
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    package borrowing func read(
        upTo count: Int, at offset: Int64, shown: FilePath
    ) throws(SystemError) -> [UInt8] {
        try readBytes(of: number, upTo: count, at: offset, shown: shown)
    }

    /// The kind of file system that the open file lies on.
    package borrowing func fileSystemType() -> FileSystemType {
        LinuxSystem.fileSystemType(ofDescriptor: number)
    }
}

/// The kind of file system that an open file lies on.
package func fileSystemType(ofDescriptor number: Int32) -> FileSystemType {
    FileSystemType(rawValue: linux_file_system_type(number))
}

/// Reads up to `count` bytes of an open file at `offset`; fewer only at the end of the file.
package func readBytes(
    of descriptor: Int32, upTo count: Int, at offset: Int64, shown: FilePath
) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
        let got = try systemCall("read", shown.description) {
            unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, Int(offset) + filled)
            }
        }
        if got == 0 { break }
        filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
}

/// O_PATH: the file is named and not opened, so nothing is read and no right to read is needed (open(2)).
package var pathOnlyFlag: Int32 { linux_o_path }

/// Reads a whole file of at most `limit` bytes; a longer one is an error (EFBIG).
package func readFile(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
    let file = try FileDescriptor.open(path, O_RDONLY)
    var bytes: [UInt8] = []
    // In pieces, so that a small file costs little memory whatever the limit; files in /proc tell no size.
    while bytes.count <= limit {
        let piece = try file.read(upTo: 64 * 1024, at: Int64(bytes.count), shown: path)
        if piece.isEmpty { return bytes }
        bytes += piece
    }
    throw SystemError(Errno(rawValue: EFBIG), call: "read", subject: path.description)
}

/// unlink(2).
package func removePath(_ path: FilePath) throws(SystemError) {
    try unsafe withCString(path.bytes) { pointer throws(SystemError) in
        _ = try systemCall("unlink", path.description) { unsafe unlink(pointer) }
    }
}

/// mkdir(2) for a path and every directory above it that is missing.
package func makeDirectories(_ path: FilePath, mode: UInt32) throws(SystemError) {
    if (try? FileStatus.of(path).kind) == .directory { return }
    if path != .root, path.parent != path { try makeDirectories(path.parent, mode: 0o755) }
    do throws(SystemError) {
        try unsafe withCString(path.bytes) { pointer throws(SystemError) in
            _ = try systemCall("mkdir", path.description) { unsafe mkdir(pointer, mode) }
        }
    } catch  where error.errno == .exists {
        // Somebody else was faster; a file in its place shows in the next call on it.
    }
}

/// Runs `body` with the bytes as a NUL-terminated C string.
func withCString<Result, Failure: Error>(
    _ bytes: [UInt8], _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
) throws(Failure) -> Result {
    // The closure does not carry typed throws, so the outcome crosses it as a value.
    let outcome: Swift.Result<Result, Failure> =
        unsafe withUnsafeTemporaryAllocation(byteCount: bytes.count + 1, alignment: 1) { buffer in
            unsafe buffer.copyBytes(from: bytes)
            unsafe buffer[bytes.count] = 0
            guard let start = buffer.baseAddress else {
                preconditionFailure("a buffer of at least one byte has an address")
            }
            do throws(Failure) {
                return .success(try unsafe body(start.assumingMemoryBound(to: CChar.self)))
            } catch {
                return .failure(error)
            }
        }
    return try outcome.get()
}

/// The path without links that leads to an open descriptor, as the kernel knows it; nil when it has none any more.
package func realPath(ofDescriptor descriptor: Int32) -> FilePath? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let length = unsafe "/proc/self/fd/\(descriptor)".withCString { link -> Int in
        unsafe buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return -1 }
            return unsafe readlink(link, start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }
    guard length > 0, buffer[0] == UInt8(ascii: "/") else { return nil }
    return FilePath(bytes: buffer[..<length])
}
