internal import LinuxSystem

/// The file systems that one walk meets, each asked about once.
struct KnownFileSystems {
    private var known: [UInt64: (type: FileSystemType, id: String?)] = [:]

    /// What an open directory of a device lies on.
    mutating func fileSystem(
        ofDirectory descriptor: Int32, device: UInt64
    ) -> (type: FileSystemType, id: String?) {
        if let known = known[device] { return known }
        let answer = (LinuxSystem.fileSystemType(ofDescriptor: descriptor), fileSystemID(ofDescriptor: descriptor))
        known[device] = answer
        return answer
    }
}
