internal import CLinux
internal import Glibc

/// One name in a directory.
package struct DirectoryEntry: Sendable, Hashable {
    package let name: [UInt8]
    /// What readdir(3) says it is; nil where the file system does not tell.
    package let kind: FileStatus.Kind?
}

/// Lists an open directory from its beginning to its end, without `.` and `..`, in bytewise order of the names.
///
/// It moves the offset of the descriptor. It asks the kernel itself, since a stream of opendir(3) would need a descriptor
/// and a buffer of its own for each directory of a walk.
///
/// - Throws: `SystemError` when the listing broke off: what it would have held must then not be taken as absent.
package func listDirectory(_ descriptor: Int32, shown: FilePath) throws(SystemError) -> [DirectoryEntry] {
    try systemCall("lseek", shown.description) { lseek(descriptor, 0, SEEK_SET) }
    var entries: [DirectoryEntry] = []
    // As much as readdir(3) reads at once.
    let outcome = unsafe withUnsafeTemporaryAllocation(byteCount: 32 * 1024, alignment: 8) {
        buffer -> Result<Void, SystemError> in
        do throws(SystemError) {
            while true {
                let count = try systemCall("getdents64", shown.description) {
                    unsafe linux_directory_entries(descriptor, buffer.baseAddress, buffer.count)
                }
                if count == 0 { return .success(()) }
                try unsafe decode(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &entries, shown)
            }
        } catch {
            // A directory that was removed while it was open is empty.
            return error.errno == .noEntry ? .success(()) : .failure(error)
        }
    }
    try outcome.get()
    return entries.sorted { precedes($0.name, $1.name) }
}

/// Decodes `struct linux_dirent64` after `struct linux_dirent64` (getdents64(2)): inode and offset of eight bytes each,
/// the entry's length of two, its type of one, its name and a NUL.
private func decode(
    _ bytes: UnsafeRawBufferPointer, into entries: inout [DirectoryEntry], _ shown: FilePath
) throws(SystemError) {
    let nameOffset = 19
    var start = 0
    while start < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
        let length = rest.count > nameOffset ? unsafe Int(rest.loadUnaligned(fromByteOffset: 16, as: UInt16.self)) : 0
        guard length > nameOffset, length <= rest.count else {
            throw SystemError(Errno(rawValue: EIO), call: "getdents64", subject: shown.description)
        }
        let name = unsafe Array(rest[nameOffset..<length].prefix { $0 != 0 })
        let type = unsafe Int(rest[18])
        start += length
        let dot = UInt8(ascii: ".")
        if name.first == dot, name.count == 1 || (name.count == 2 && name[1] == dot) { continue }
        let kind: FileStatus.Kind? =
            switch type {
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
