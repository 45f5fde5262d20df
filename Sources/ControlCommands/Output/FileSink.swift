internal import LinuxSystem

/// A file that takes its place, or that of an earlier one, only as a whole.
final class FileSink: OutputSink {
    private static let capacity = 256 << 10

    let path: FilePath
    private var file: NewFile
    private var buffer: [UInt8] = []
    /// Why the file cannot be written; nothing is written after it.
    private(set) var failure: SystemError?
    /// Bytes that it was given.
    private(set) var size: Int64 = 0

    /// Throws where the path leads to something that is no regular file, or where nothing can be written beside it.
    init(_ path: FilePath) throws {
        if let kind = try? FileStatus.of(path).kind, kind != .regular {
            let what = kind == .directory ? "a directory" : "no regular file"
            throw CommandFailure(message: "\(displayed(path.description)) is \(what).")
        }
        self.path = path
        file = try NewFile(beside: path, nameless: true)
    }

    func write(_ bytes: [UInt8]) -> Bool {
        guard failure == nil else { return false }
        buffer += bytes
        size += Int64(bytes.count)
        return buffer.count < Self.capacity || flush()
    }

    @discardableResult
    func flush() -> Bool {
        guard failure == nil else { return false }
        do throws(SystemError) { try file.write(buffer) } catch { failure = error }
        buffer.removeAll(keepingCapacity: true)
        return failure == nil
    }

    /// Puts the file in its place, on the disk, with these permissions.
    func finish(mode: UInt32) throws(SystemError) {
        flush()
        if let failure { throw failure }
        try file.replace(mode: mode)
    }
}
