internal import Glibc

/// Bytes that this process may still write where a path lies (statvfs(3)); nil where the system does not tell.
package func freeBytes(at path: FilePath) -> Int64? {
    var status = statvfs()
    let result = unsafe withCString(path.bytes) { unsafe statvfs($0, &status) }
    guard result == 0 else { return nil }
    let (bytes, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
        by: Int64(clamping: status.f_frsize))
    return overflow ? .max : bytes
}
