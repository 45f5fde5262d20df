import Glibc
import LinuxSystem
import TestSupport

/// Makes a file of this size without writing a byte of it.
func makeSparseFile(_ path: FilePath, size: Int64) throws {
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    try systemCall("ftruncate", path.description) { ftruncate(file.number, Int(size)) }
}

/// The permission bits of a path.
func permissions(_ path: FilePath) throws -> UInt32 { try FileStatus.of(path, followLinks: false).mode & 0o7777 }

/// Bytes that a process has read with read(2) and its sisters since it started (proc(5), `rchar`); nil where the
/// kernel does not count.
func bytesRead(byProcess id: pid_t) -> Int64? {
    guard let text = try? readFile(FilePath("/proc/\(id)/io"), limit: 4096) else { return nil }
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("rchar:") }
    return line.flatMap { Int64($0.dropFirst("rchar: ".count)) }
}
