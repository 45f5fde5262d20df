internal import CTestSupport
internal import Glibc
package import LinuxSystem

/// Runs `body` with a new empty directory and removes it with everything in it afterwards, also when `body` throws.
///
/// With KIKOD_KEEP_TEST_DIRECTORIES set the directory stays, for a look at what a test left.
package func withTemporaryDirectory<Result>(_ body: (FilePath) async throws -> Result) async throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { if unsafe getenv("KIKOD_KEEP_TEST_DIRECTORIES") == nil { removeTree(directory) } }
    return try await body(directory)
}

/// Makes a new empty directory below TMPDIR, or /tmp; nobody removes it.
package func makeTemporaryDirectory() throws(SystemError) -> FilePath {
    let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array((base + "/kikod-test.XXXXXX").utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> FilePath? in
        guard let start = buffer.baseAddress, unsafe mkdtemp(start) != nil else { return nil }
        return unsafe FilePath(String(cString: start))
    }
    guard let made else { throw SystemError(.current, call: "mkdtemp", subject: base) }
    return made
}

/// Removes a directory and everything below it; what cannot be removed stays.
package func removeTree(_ path: FilePath) {
    let entries = (try? directoryNames(path)) ?? []
    for name in entries {
        let child = path.appending(name)
        if (try? FileStatus.of(child, followLinks: false).kind) == .directory {
            chmodPath(child, 0o700)
            removeTree(child)
        } else {
            removeFile(child)
        }
    }
    unsafe withPath(path) { _ = unsafe rmdir($0) }
}

/// The names in a directory, sorted bytewise, without `.` and `..`.
package func directoryNames(_ path: FilePath) throws -> [[UInt8]] {
    guard let stream = unsafe withPath(path, { unsafe opendir($0) }) else {
        throw SystemError(.current, call: "opendir", subject: path.description)
    }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
            unsafe Array(raw.prefix { $0 != 0 })
        }
        if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
}

/// Creates or replaces a file with these bytes.
package func writeFile(_ path: FilePath, _ bytes: [UInt8]) throws {
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    try file.writeAll(bytes, shown: path)
}

/// Creates or replaces a file with this text.
package func writeFile(_ path: FilePath, _ text: String) throws { try writeFile(path, Array(text.utf8)) }

/// Creates a directory and those above it.
package func makeDirectory(_ path: FilePath) throws {
    if (try? FileStatus.of(path).kind) == .directory { return }
    if path != .root, path.parent != path { try makeDirectory(path.parent) }
    try systemCall("mkdir", path.description) { unsafe withPath(path) { unsafe mkdir($0, 0o755) } }
}

package func renameFile(_ old: FilePath, _ new: FilePath) throws {
    try systemCall("rename", old.description) {
        unsafe withPath(old) { from in unsafe withPath(new) { unsafe rename(from, $0) } }
    }
}

package func removeFile(_ path: FilePath) { unsafe withPath(path) { _ = unsafe unlink($0) } }

package func chmodPath(_ path: FilePath, _ mode: UInt32) { unsafe withPath(path) { _ = unsafe chmod($0, mode) } }

package func makeSymbolicLink(_ path: FilePath, to target: FilePath) throws {
    try systemCall("symlink", path.description) {
        unsafe withPath(target) { to in unsafe withPath(path) { unsafe symlink(to, $0) } }
    }
}

package func makeHardLink(_ path: FilePath, to target: FilePath) throws {
    try systemCall("link", path.description) {
        unsafe withPath(target) { to in unsafe withPath(path) { unsafe link(to, $0) } }
    }
}

/// Lets what lies at two paths change places in one step (RENAME_EXCHANGE).
package func exchangeFiles(_ left: FilePath, _ right: FilePath) throws {
    try systemCall("renameat2", left.description) {
        unsafe withPath(left) { left in unsafe withPath(right) { unsafe test_exchange_paths(left, $0) } }
    }
}

/// Sets the times of access and modification, in nanoseconds since 1970.
package func setTimes(_ path: FilePath, nanoseconds: Int64) throws {
    let seconds = nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((-nanoseconds + 999_999_999) / 1_000_000_000)
    try setTimes(path, seconds: seconds, nanoseconds: Int(nanoseconds - seconds * 1_000_000_000))
}

/// Sets the times of access and modification, in seconds since 1970 and the nanoseconds above them.
package func setTimes(_ path: FilePath, seconds: Int64, nanoseconds: Int) throws {
    try systemCall("utimensat", path.description) {
        unsafe withPath(path) { unsafe test_set_times($0, seconds, nanoseconds) }
    }
}

/// Sets the modification time, in seconds before now.
package func setAge(_ path: FilePath, seconds: Int) throws {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    now.tv_sec -= seconds
    let times = [now, now]
    try systemCall("utimensat", path.description) {
        unsafe withPath(path) { name in
            unsafe times.withUnsafeBufferPointer { unsafe utimensat(AT_FDCWD, name, $0.baseAddress, 0) }
        }
    }
}

private func withPath<Result>(_ path: FilePath, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated = path.bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe terminated.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a terminated array is not empty") }
        return unsafe body(start)
    }
}
