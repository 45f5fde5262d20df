internal import Glibc

/// One name in a directory.
package struct DirectoryEntry: Sendable, Hashable {
    package let name: [UInt8]
    /// What readdir(3) says it is; nil where the file system does not tell.
    package let kind: FileStatus.Kind?
}

/// Lists an open directory to its end, without `.` and `..`, in bytewise order of the names.
///
/// - Throws: `SystemError` when the listing broke off: what it would have held must then not be taken as absent.
package func listDirectory(_ descriptor: Int32, shown: FilePath) throws(SystemError) -> [DirectoryEntry] {
    // The stream owns its descriptor and moves its offset, so it gets one of its own.
    let own = try systemCall("openat", shown.description) {
        unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard let stream = unsafe fdopendir(own) else {
        let errno = Errno.current
        close(own)
        throw SystemError(errno, call: "fdopendir", subject: shown.description)
    }
    defer { unsafe closedir(stream) }
    var entries: [DirectoryEntry] = []
    while true {
        // readdir(3): the end and an error are told apart by errno alone.
        errno = 0
        guard let entry = unsafe readdir(stream) else {
            let code = Errno.current
            if code.rawValue != 0 { throw SystemError(code, call: "readdir", subject: shown.description) }
            return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
        }
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in unsafe Array(raw.prefix { $0 != 0 }) }
        if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
        let kind: FileStatus.Kind? =
            switch Int(unsafe entry.pointee.d_type) {
            case Int(DT_REG): .regular
            case Int(DT_DIR): .directory
            case Int(DT_LNK): .link
            case Int(DT_UNKNOWN): nil
            default: .other
            }
        entries.append(DirectoryEntry(name: name, kind: kind))
    }
}
