internal import CLinux
internal import Glibc

/// What tells the file system below an open file from others, over reboots and remounts.
///
/// `uuid:` ids are proof. `fsid:` ids (statfs(2)) are weak: on many file systems they change with the device
/// number, so a different one proves nothing. Nil where the system tells neither.
package func fileSystemID(ofDescriptor number: Int32) -> String? {
    var uuid: (UInt64, UInt64) = (0, 0)
    let length = unsafe withUnsafeMutableBytes(of: &uuid) { bytes -> Int32 in
        guard let start = bytes.baseAddress else { return -1 }
        return unsafe linux_file_system_uuid(number, start.assumingMemoryBound(to: UInt8.self))
    }
    if length > 0 {
        let bytes = unsafe withUnsafeBytes(of: &uuid) { unsafe Array($0.prefix(Int(length))) }
        if bytes.contains(where: { $0 != 0 }) { return "uuid:" + hexadecimal(bytes) }
    }
    var fsid: UInt64 = 0
    guard unsafe linux_file_system_fsid(number, &fsid) == 0 else { return nil }
    return "fsid:" + String(fsid, radix: 16)
}
