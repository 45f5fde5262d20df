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
    var listing = RawListing()
    // As much as readdir(3) reads at once.
    let outcome = unsafe withUnsafeTemporaryAllocation(byteCount: 32 * 1024, alignment: 8) {
        buffer -> Result<Void, SystemError> in
        do throws(SystemError) {
            while true {
                let count = try systemCall("getdents64", shown.description) {
                    unsafe linux_directory_entries(descriptor, buffer.baseAddress, buffer.count)
                }
                if count == 0 { return .success(()) }
                guard unsafe listing.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else {
                    throw SystemError(Errno(rawValue: EIO), call: "getdents64", subject: shown.description)
                }
            }
        } catch {
            // A directory that was removed while it was open is empty.
            return error.errno == .noEntry ? .success(()) : .failure(error)
        }
    }
    try outcome.get()
    return listing.sorted()
}

/// The names of a directory in one piece, so that they are put in order before each becomes a value of its own.
private struct RawListing {
    private struct Entry {
        let start: Int
        let length: Int
        let type: UInt8
    }

    private var names: [UInt8] = []
    private var entries: [Entry] = []

    /// Decodes `struct linux_dirent64` after `struct linux_dirent64` (getdents64(2)): inode and offset of eight bytes
    /// each, the entry's length of two, its type of one, its name and a NUL. False when they are none.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let nameOffset = 19
        var start = 0
        while start < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
            let length =
                rest.count > nameOffset ? unsafe Int(rest.loadUnaligned(fromByteOffset: 16, as: UInt16.self)) : 0
            guard length > nameOffset, length <= rest.count else { return false }
            let name = unsafe rest[nameOffset..<length].prefix { $0 != 0 }
            start += length
            if unsafe name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            entries.append(unsafe Entry(start: names.count, length: name.count, type: rest[18]))
            unsafe names.append(contentsOf: name)
        }
        return true
    }

    /// The entries in bytewise order of their names.
    consuming func sorted() -> [DirectoryEntry] {
        unsafe names.withUnsafeBytes { names in
            entries.sort { left, right in
                unsafe precedes(
                    UnsafeRawBufferPointer(rebasing: names[left.start..<left.start + left.length]),
                    UnsafeRawBufferPointer(rebasing: names[right.start..<right.start + right.length]))
            }
            return entries.map { entry in
                let name = unsafe Array(names[entry.start..<entry.start + entry.length])
                return DirectoryEntry(name: name, kind: Self.kind(Int(entry.type)))
            }
        }
    }

    private static func kind(_ type: Int) -> FileStatus.Kind? {
        switch type {
        case Int(DT_REG): .regular
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): nil
        default: .other
        }
    }
}

/// True when `left` comes before `right` in bytewise order.
package func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe left.withUnsafeBytes { first in unsafe right.withUnsafeBytes { unsafe precedes(first, $0) } }
}

private func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard let start = left.baseAddress, let other = right.baseAddress else { return left.count < right.count }
    let order = unsafe memcmp(start, other, min(left.count, right.count))
    return order == 0 ? left.count < right.count : order < 0
}
