internal import Glibc
internal import LinuxSystem

/// Creates an empty file that only its owner may read, whatever the umask; a file that exists stays as it is.
///
/// SQLite gives its -wal and -shm files the mode of the database. A file that exists is not even opened: closing it
/// would drop the locks that SQLite holds on it in this process (fcntl(2), "record locks are released").
func createPrivateFile(_ path: FilePath) throws(SQLiteError) {
    do throws(SystemError) {
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        try systemCall("fchmod", path.description) { fchmod(file.number, 0o600) }
    } catch  where error.errno == .exists {
        return
    } catch {
        throw SQLiteError(error)
    }
}

/// Removes a file; one that is not there is no error.
func removeFile(_ path: FilePath) throws(SQLiteError) {
    do throws(SystemError) {
        try systemCall("unlink", path.description) { unsafe withCString(path) { unsafe unlink($0) } }
    } catch  where error.errno == .noEntry {
        return
    } catch {
        throw SQLiteError(error)
    }
}

/// Gives a complete file its final name so that it, and its name, outlive a power cut.
func publishFile(_ temporary: FilePath, as final: FilePath) throws(SQLiteError) {
    do throws(SystemError) {
        try synchronize(temporary)
        try systemCall("rename", final.description) {
            unsafe withCString(temporary) { from in unsafe withCString(final) { unsafe rename(from, $0) } }
        }
        try synchronize(final.parent)
    } catch {
        throw SQLiteError(error)
    }
}

private func synchronize(_ path: FilePath) throws(SystemError) {
    let file = try FileDescriptor.open(path, O_RDONLY)
    try systemCall("fsync", path.description) { fsync(file.number) }
}

/// Runs `body` with the path as a NUL-terminated C string.
func withCString<Result>(_ path: FilePath, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated = path.bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe terminated.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a terminated array is not empty") }
        return unsafe body(start)
    }
}
