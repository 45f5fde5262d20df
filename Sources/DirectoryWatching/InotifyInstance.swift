internal import Glibc
internal import LinuxSystem

/// An inotify descriptor. Adding and removing watches is thread-safe; only one thread reads.
struct InotifyInstance: ~Copyable, Sendable {
    let descriptor: FileDescriptor

    /// What every directory is watched for. Directories only: a watch per file would cost without telling more.
    private static let mask = UInt32(
        IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)

    /// Room for the kernel's whole default queue would be 4 MB; a reader that does nothing else needs far less.
    private static let bufferSize = 64 * 1024

    init() throws(SystemError) {
        do throws(SystemError) {
            descriptor = FileDescriptor(
                owning: try systemCall("inotify_init1") { inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)) })
        } catch {
            throw Self.explained(error)
        }
    }

    /// EMFILE speaks of open files, and means the instances of the user at least as often (inotify_init(2)).
    static func explained(_ error: SystemError) -> SystemError {
        let hint: String
        switch error.errno {
        case .tooManyOpenFiles:
            hint = "no inotify instance is left (fs.inotify.max_user_instances), or no descriptor (ulimit -n)"
        case .tooManyOpenFilesInSystem:
            hint =
                "no open file is left in the system (fs.file-max) or inotify instance (fs.inotify.max_user_instances)"
        default: return error
        }
        return SystemError(error.errno, call: error.call, subject: hint)
    }

    /// Watches the directory behind an open descriptor, whatever its path has become meanwhile.
    ///
    /// - Returns: the watch descriptor; the same one for a directory that is watched already.
    borrowing func add(directory: Int32, shown: FilePath) throws(SystemError) -> Int32 {
        try systemCall("inotify_add_watch", shown.description) {
            unsafe "/proc/self/fd/\(directory)".withCString {
                unsafe inotify_add_watch(descriptor.number, $0, Self.mask)
            }
        }
    }

    /// Ends a watch; IN_IGNORED follows. One that has ended by itself is no error.
    borrowing func remove(_ watch: Int32) { inotify_rm_watch(descriptor.number, watch) }

    /// All events that wait now; empty when none does.
    borrowing func read() throws(SystemError) -> [InotifyEvent] {
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        let count: Int
        do throws(SystemError) {
            count = try systemCall("read", "inotify") {
                unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor.number, $0.baseAddress, $0.count) }
            }
        } catch  where error.errno == .again {
            return []
        }
        return Self.decode(buffer[..<count])
    }

    /// Decodes `struct inotify_event` after `struct inotify_event`; what is cut off at the end is dropped.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [InotifyEvent] {
        var events: [InotifyEvent] = []
        var rest = bytes
        while rest.count >= 16 {
            let length = Int(word(rest, 12))
            guard rest.count - 16 >= length else { break }
            let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
            events.append(
                InotifyEvent(
                    watch: Int32(bitPattern: word(rest, 0)), mask: word(rest, 4), cookie: word(rest, 8),
                    name: Array(name)))
            rest = rest.dropFirst(16 + length)
        }
        return events
    }

    /// The 32-bit word at an offset, in the byte order of all machines that Swift runs on here.
    private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
        bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
