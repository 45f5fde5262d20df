internal import LinuxSystem
internal import Synchronization

/// The ids of the file systems that one walk meets, each asked for once.
final class FileSystemIDs: Sendable {
    private let known = Mutex<[UInt64: String?]>([:])

    /// The id of the file system of an open directory.
    func id(ofDirectory descriptor: Int32) -> String? {
        guard let device = try? FileStatus.of(descriptor: descriptor).device else { return nil }
        if let id = known.withLock({ $0[device] }) { return id }
        let id = LinuxSystem.fileSystemID(ofDescriptor: descriptor)
        known.withLock { $0[device] = id }
        return id
    }
}
