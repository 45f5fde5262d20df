/// How long tasks waited for drives since the system started, by the kernel's pressure stall information
/// (Documentation/accounting/psi.rst).
package enum PressureStall {
    /// Microseconds in which at least one task of all was waiting for I/O; the line `some` of such a file.
    ///
    /// nil where the kernel does not tell.
    package static func microseconds(in file: FilePath) -> Int64? {
        guard let bytes = try? readFile(file, limit: 4096) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("some ") {
            let total = line.split(separator: " ").first { $0.hasPrefix("total=") }
            return total.flatMap { Int64($0.dropFirst("total=".count)) }
        }
        return nil
    }

    /// The file for all tasks of the system.
    package static let systemFile = FilePath("/proc/pressure/io")

    /// The file for the tasks of this process's control group (version 2); nil where there is none, or where it is the
    /// group of all tasks, so that it tells nothing of its own.
    package static func ownFile(mounts: MountTable = .current()) -> FilePath? {
        guard let bytes = try? readFile(FilePath("/proc/self/cgroup"), limit: 65_536),
            let mount = mounts.mounts.first(where: { $0.type == "cgroup2" })
        else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.first(where: { $0.starts(with: Array("0::/".utf8)) }), line.count > 4 else { return nil }
        let file = mount.point.appending(Array(line.dropFirst(4))).appending("io.pressure")
        return microseconds(in: file) == nil ? nil : file
    }
}
