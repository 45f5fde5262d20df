internal import Glibc

/// What this process uses of the machine.
package struct ProcessUsage: Sendable {
    /// User and system time (getrusage(2)).
    package let cpuSeconds: Double
    /// Memory in use (proc_pid_statm(5)); nil where /proc does not tell.
    package let residentBytes: Int64?
    /// nil where /proc does not tell.
    package let openDescriptors: Int?

    package static var now: ProcessUsage {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        let pages = (try? readFile(FilePath("/proc/self/statm"), limit: 4096)).flatMap { bytes in
            String(decoding: bytes, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int64($0) }
        }
        return ProcessUsage(
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            residentBytes: pages.map { $0 * Int64(getpagesize()) }, openDescriptors: openDescriptors())
    }

    private static func openDescriptors() -> Int? {
        let path = FilePath("/proc/self/fd")
        guard let directory = try? FileDescriptor.open(path, O_RDONLY | O_DIRECTORY),
            let entries = try? listDirectory(directory.number, shown: path)
        else { return nil }
        // Without the one that lists them.
        return entries.count - 1
    }
}
