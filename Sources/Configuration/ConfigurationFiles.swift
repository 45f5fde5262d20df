internal import Glibc
package import LinuxSystem

/// What reading a configuration needs of the file system; tests put their own in its place.
package protocol ConfigurationFiles: Sendable {
    /// The bytes of a file of at most `limit` bytes; a longer one is an error.
    func read(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8]
    /// True for a directory or a link to one.
    func isDirectory(_ path: FilePath) -> Bool
    /// The names in a directory without `.` and `..`, in any order.
    func names(in directory: FilePath) throws(SystemError) -> [[UInt8]]
    /// The home directory of the user of this name, nil where there is none.
    func homeDirectory(ofUser name: String) -> FilePath?
}

/// The machine's files. Every call may block, so none belongs on the cooperative pool.
package struct SystemConfigurationFiles: ConfigurationFiles {
    /// The most names that are read of one directory.
    private static let nameLimit = 65_536

    /// Needs nothing.
    package init() {}

    package func read(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        // A FIFO would wait for a writer, and a directory opens without complaint.
        guard try FileStatus.of(path).kind == .regular else {
            throw SystemError(.invalidArgument, call: "not a regular file", subject: path.description)
        }
        return try readFile(path, limit: limit)
    }

    package func isDirectory(_ path: FilePath) -> Bool { (try? FileStatus.of(path).kind) == .directory }

    package func names(in directory: FilePath) throws(SystemError) -> [[UInt8]] {
        let path = directory.bytes.map { CChar(bitPattern: $0) } + [0]
        guard let stream = unsafe opendir(path) else {
            throw SystemError(.current, call: "opendir", subject: directory.description)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name == Array(".".utf8) || name == Array("..".utf8) { continue }
            guard names.count < Self.nameLimit else {
                throw SystemError(Errno(rawValue: E2BIG), call: "readdir", subject: directory.description)
            }
            names.append(name)
        }
        guard errno == 0 else { throw SystemError(.current, call: "readdir", subject: directory.description) }
        return names
    }

    package func homeDirectory(ofUser name: String) -> FilePath? {
        unsafe passwordEntryHome { entry, buffer, size, found in
            unsafe getpwnam_r(name, entry, buffer, size, found)
        }
    }
}

/// The home directory of an entry of passwd(5), found by `look`.
func passwordEntryHome(
    _ look: (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
) -> FilePath? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { buffer in
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard let start = buffer.baseAddress, unsafe look(&entry, start, buffer.count, &found) == 0,
            unsafe found != nil, let home = unsafe entry.pw_dir
        else { return nil }
        return unsafe FilePath(bytes: Array(String(cString: home).utf8))
    }
}
