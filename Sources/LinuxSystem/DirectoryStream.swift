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
    let dot = UInt8(ascii: ".")
    while true {
        // readdir(3): the end and an error are told apart by errno alone.
        errno = 0
        guard let entry = unsafe readdir(stream) else {
            let code = Errno.current
            if code.rawValue != 0 { throw SystemError(code, call: "readdir", subject: shown.description) }
            return entries.sorted { precedes($0.name, $1.name) }
        }
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw -> [UInt8] in
            guard let start = raw.baseAddress else { return [] }
            return unsafe Array(raw.prefix(strnlen(start.assumingMemoryBound(to: CChar.self), raw.count)))
        }
        if name.first == dot, name.count == 1 || (name.count == 2 && name[1] == dot) { continue }
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

/// True when `left` comes before `right` in bytewise order.
package func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let order = unsafe left.withUnsafeBytes { first in
        unsafe right.withUnsafeBytes { second -> Int32 in
            guard let start = first.baseAddress, let other = second.baseAddress else { return 0 }
            return unsafe memcmp(start, other, min(first.count, second.count))
        }
    }
    return order == 0 ? left.count < right.count : order < 0
}
