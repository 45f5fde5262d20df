internal import CTestSupport
internal import Glibc

/// A file of a `FaultyDrive`.
struct DriveFile {
    let name: [UInt8]
    let inode: UInt64
    var size: Int
    /// Seconds since 1970; long ago, so that the file counts as complete.
    var modified: UInt64 = 1_600_000_000
    var fault: FaultyDrive.Fault?

    /// The bytes of a part of the file: each page has its own.
    func bytes(from start: Int, upTo count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var offset = start
        let end = min(size, count < .max - start ? start + count : .max)
        while offset < end {
            let pageEnd = min(end, (offset / 4096 + 1) * 4096)
            let value = UInt8(truncatingIfNeeded: offset / 4096 &+ Int(inode) &* 17)
            bytes.append(contentsOf: repeatElement(value, count: pageEnd - offset))
            offset = pageEnd
        }
        return bytes
    }

    var attributes: fuse_attr {
        var attributes = fuse_attr()
        attributes.ino = inode
        attributes.size = UInt64(size)
        attributes.blocks = UInt64(size + 511) / 512
        (attributes.mtime, attributes.ctime, attributes.atime) = (modified, modified, modified)
        attributes.mode = UInt32(S_IFREG) | 0o644
        attributes.nlink = 1
        attributes.blksize = 4096
        return attributes
    }
}

/// What the kernel asks of the server of a `FaultyDrive`.
struct DriveRequest {
    enum Answer {
        /// None is expected.
        case none
        /// It has to wait.
        case held
        case error(Int32)
        case bytes([UInt8])
    }

    let operation: fuse_opcode
    let unique: UInt64
    private let node: UInt64
    private let arguments: [UInt8]

    /// nil when it is not understood.
    init?(_ message: ArraySlice<UInt8>) {
        guard let header: fuse_in_header = value(in: message) else { return nil }
        operation = fuse_opcode(header.opcode)
        unique = header.unique
        node = header.nodeid
        arguments = Array(message.dropFirst(MemoryLayout<fuse_in_header>.size))
    }

    /// The answer, which may change the files.
    func answer(_ files: inout [DriveFile]) -> Answer {
        let index = files.firstIndex { $0.inode == node }
        switch operation {
        case FUSE_INIT: return .bytes(rawBytes(Self.beginning))
        case FUSE_INTERRUPT, FUSE_DESTROY: return .none
        case FUSE_STATFS: return .bytes(rawBytes(fuse_statfs_out()))
        case FUSE_GETATTR:
            var answer = fuse_attr_out()
            answer.attr = index.map { files[$0].attributes } ?? Self.directory
            return .bytes(rawBytes(answer))
        case FUSE_LOOKUP:
            guard let file = files.first(where: { $0.name == arguments.prefix { $0 != 0 } }) else {
                return .error(ENOENT)
            }
            var answer = fuse_entry_out()
            answer.nodeid = file.inode
            answer.attr = file.attributes
            return .bytes(rawBytes(answer))
        case FUSE_OPEN, FUSE_OPENDIR:
            var answer = fuse_open_out()
            if operation == FUSE_OPEN { answer.open_flags = UInt32(FOPEN_DIRECT_IO) }
            return .bytes(rawBytes(answer))
        case FUSE_RELEASE, FUSE_RELEASEDIR, FUSE_FLUSH, FUSE_ACCESS: return .bytes([])
        case FUSE_READDIR: return list(files)
        case FUSE_READ:
            guard let index else { return .error(EISDIR) }
            return read(&files[index])
        default: return .error(ENOSYS)
        }
    }

    private static var beginning: fuse_init_out {
        var answer = fuse_init_out()
        answer.major = UInt32(FUSE_KERNEL_VERSION)
        // As much of the protocol as is spoken here.
        answer.minor = 31
        answer.max_write = 4096
        answer.time_gran = 1
        return answer
    }

    private static var directory: fuse_attr {
        var attributes = fuse_attr()
        attributes.ino = 1
        (attributes.mtime, attributes.ctime) = (1_600_000_000, 1_600_000_000)
        attributes.mode = UInt32(S_IFDIR) | 0o755
        attributes.nlink = 2
        attributes.blksize = 4096
        return attributes
    }

    private func list(_ files: [DriveFile]) -> Answer {
        guard let wanted: fuse_read_in = value(in: arguments[...]) else { return .error(EINVAL) }
        var bytes: [UInt8] = []
        for (index, file) in files.enumerated().dropFirst(Int(clamping: wanted.offset)) {
            // struct fuse_dirent, which ends with the name.
            var record = rawBytes(file.inode) + rawBytes(UInt64(index + 1))
            record += rawBytes(UInt32(file.name.count)) + rawBytes(UInt32(DT_REG)) + file.name
            while record.count % 8 != 0 { record.append(0) }
            guard bytes.count + record.count <= Int(wanted.size) else { break }
            bytes += record
        }
        return .bytes(bytes)
    }

    private func read(_ file: inout DriveFile) -> Answer {
        guard let wanted: fuse_read_in = value(in: arguments[...]) else { return .error(EINVAL) }
        let (start, count) = (Int(clamping: wanted.offset), Int(wanted.size))
        let end = min(start + count, file.size)
        switch file.fault {
        case .fails(let offset) where end > offset:
            // What lies before it is read, as a drive would.
            return start < offset ? .bytes(file.bytes(from: start, upTo: offset - start)) : .error(EIO)
        case .hangs(let offset) where end > offset: return .held
        case .shrinks(let offset, let size) where end > offset:
            file.size = size
            file.modified += 60
            file.fault = nil
        case nil, .fails, .hangs, .shrinks: break
        }
        return .bytes(file.bytes(from: start, upTo: count))
    }
}

/// The bytes of a C structure.
func rawBytes<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
}

/// The C structure at the beginning of a message; nil when that is too short.
private func value<Value: BitwiseCopyable>(in message: ArraySlice<UInt8>) -> Value? {
    guard message.count >= MemoryLayout<Value>.size else { return nil }
    return unsafe message.withUnsafeBytes { unsafe $0.loadUnaligned(as: Value.self) }
}
