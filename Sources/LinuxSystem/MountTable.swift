/// The mounts of this process as `/proc/self/mountinfo` lists them (proc_pid_mountinfo(5)).
package struct MountTable: Sendable {
    /// One mount.
    package struct Mount: Sendable, Hashable {
        package let id: Int
        /// The mount in whose tree this one is mounted.
        package let parent: Int
        /// Of the file system, in the format of `FileStatus.device`; 0 where the line is not understood.
        package let device: UInt64
        /// The directory of the file system that is mounted: `/`, or below it for bind mounts and subvolumes.
        package let root: [UInt8]
        package let point: FilePath
        package let type: String
        package let source: String
    }

    package let mounts: [Mount]

    /// Reads the table; empty where /proc is not there.
    package static func current() -> MountTable { MountTable(currentBytes()) }

    /// The file as it is now; equal bytes are equal tables.
    package static func currentBytes() -> [UInt8] {
        (try? readFile(FilePath("/proc/self/mountinfo"), limit: 16 << 20)) ?? []
    }

    /// Parses the file; lines that are not understood are passed over.
    package init(_ bytes: [UInt8]) {
        mounts = bytes.split(separator: UInt8(ascii: "\n")).compactMap(Self.mount)
    }

    /// The mount on which a path lies, by the text of the path alone: no path call is made.
    package func mount(holding path: FilePath) -> Mount? {
        // As the kernel walks a path: from one mount into the next that is mounted in it. So one that was put over
        // a directory later also covers what is mounted below that directory.
        let holding = mounts.filter { path.isWithin($0.point) }
        let ids = Set(holding.map(\.id))
        var next = holding.filter { !ids.contains($0.parent) }.max(by: Self.isOuter)
        var found: Mount?
        for _ in holding {
            guard let mount = next else { break }
            found = mount
            next = holding.filter { $0.parent == mount.id && $0.id != mount.id }.min(by: Self.isOuter)
        }
        return found
    }

    private static func isOuter(_ left: Mount, _ right: Mount) -> Bool {
        left.point.bytes.count < right.point.bytes.count
    }

    private static func mount(_ line: ArraySlice<UInt8>) -> Mount? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count >= 5, let id = Int(String(decoding: fields[0], as: UTF8.self)),
            let parent = Int(String(decoding: fields[1], as: UTF8.self)),
            let point = FilePath(bytes: unescapedOctal(fields[4])),
            let separator = fields.firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
            fields.count > separator + 2
        else { return nil }
        return Mount(
            id: id, parent: parent, device: device(fields[2]), root: unescapedOctal(fields[3]), point: point,
            type: String(decoding: fields[separator + 1], as: UTF8.self),
            source: String(decoding: unescapedOctal(fields[separator + 2]), as: UTF8.self))
    }

    /// `major:minor` in decimal.
    private static func device(_ field: ArraySlice<UInt8>) -> UInt64 {
        let numbers = field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard numbers.count == 2, let major = UInt32(String(decoding: numbers[0], as: UTF8.self)),
            let minor = UInt32(String(decoding: numbers[1], as: UTF8.self))
        else { return 0 }
        return UInt64(major) << 32 | UInt64(minor)
    }

    /// Space, tab, newline and backslash stand as `\040` and the like.
    private static func unescapedOctal(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
