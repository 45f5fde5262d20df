import Glibc
import LinuxSystem
import TestSupport

/// As `writeFile(_:_:)`, with the directory that it needs.
func writeFile(_ path: FilePath, _ text: String, makingParent: Bool) throws {
    if makingParent { try makeDirectory(path.parent) }
    try writeFile(path, text)
}

/// Opens a file for writing, makes it where it is missing.
func openForWriting(_ path: FilePath) throws -> FileDescriptor {
    try FileDescriptor.open(path, O_WRONLY | O_CREAT, mode: 0o644)
}

/// Appends bytes to an open file.
func write(_ bytes: ArraySlice<UInt8>, to file: borrowing FileDescriptor) throws {
    let number = file.number
    let written = try systemCall("write") {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
    }
    guard written == bytes.count else { throw TestFailure("only \(written) bytes were written") }
}

func makePipe(_ path: FilePath) throws {
    try systemCall("mkfifo") { unsafe mkfifo(path.description, 0o600) }
}
