internal import Glibc
internal import Synchronization

/// Why a lock file could not be locked.
package enum LockFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process holds the lock; its number where the file tells it.
    case held(FilePath, process: Int32?)
    case system(SystemError)

    package var description: String {
        switch self {
        case .held(let path, let process): "\(path): locked by \(describeProcess(process))"
        case .system(let error): error.description
        }
    }
}

/// An exclusive lock (flock(2)) on a file that holds the number of the process which has it.
///
/// The file stays when the lock is released: removing it would let two processes lock two files of one name.
package final class LockFile: Sendable {
    package let path: FilePath
    private let descriptor: FileDescriptor
    private let isHeld = Mutex(false)

    private init(_ path: FilePath, _ descriptor: consuming FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Creates the file where it is missing, and locks it or fails at once.
    package static func acquire(_ path: FilePath, mode: UInt32 = 0o600) throws(LockFileError) -> LockFile {
        let file: LockFile
        let isLocked: Bool
        do throws(SystemError) {
            file = LockFile(path, try FileDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: mode))
            isLocked = try file.lock()
        } catch {
            throw .system(error)
        }
        guard isLocked else { throw .held(path, process: file.holder) }
        return file
    }

    /// Locks the open file and writes this process into it; false when somebody else has the lock.
    private func lock() throws(SystemError) -> Bool {
        do throws(SystemError) {
            try systemCall("flock", path.description) { flock(descriptor.number, LOCK_EX | LOCK_NB) }
        } catch {
            guard error.errno == .again else { throw error }
            return false
        }
        isHeld.withLock { $0 = true }
        // The number is a courtesy to people: a full disk is no reason to refuse the lock.
        _ = ftruncate(descriptor.number, 0)
        try? descriptor.writeAll(Array("\(getpid())\n".utf8), shown: path)
        return true
    }

    /// Lets the lock go now, whatever else still holds the open file (a child, a thread stuck in the kernel).
    package func release() {
        isHeld.withLock { isHeld in
            guard isHeld else { return }
            isHeld = false
            // Emptied first: a number that no longer holds must not be read by the next one.
            _ = ftruncate(descriptor.number, 0)
            flock(descriptor.number, LOCK_UN)
        }
    }

    deinit { release() }

    /// The number in the file.
    private var holder: Int32? {
        guard let bytes = try? descriptor.read(upTo: 32, at: 0, shown: path) else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard let number = Int32(String(decoding: line, as: UTF8.self)), number > 0 else { return nil }
        return number
    }
}
