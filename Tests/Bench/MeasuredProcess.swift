import Glibc
import LinuxSystem
import TestSupport

/// What a program and its children used from exec to exit.
struct ProcessUsage {
    let wallSeconds: Double
    /// User and system time of all threads.
    let processorSeconds: Double
    /// The largest resident set of the program or one of its children, in bytes.
    let peakBytes: Int
    /// What the kernel may count as peak at least, because it is this program's own size at exec.
    let peakFloor: Int
}

/// A program whose usage the kernel tells when it has ended (wait4(2)).
enum MeasuredProcess {
    /// Runs a program, which has to exit with 0. Its output goes to a file when one is named.
    static func run(_ words: [String], environment: [String], output: FilePath? = nil) throws -> ProcessUsage {
        let errors = try makeTemporaryDirectory()
        defer { removeTree(errors) }
        let log = errors.appending("errors")
        // A child's peak begins with that of the memory from which it was started, so that one is set back to what is
        // there now ("5", proc(5)).
        try? writeFile(FilePath("/proc/self/clear_refs"), "5")
        let floor = try ownSize()
        let began = MonotonicTime.now
        let id = try start(words, environment, output: output ?? FilePath("/dev/null"), errors: log)
        var status: Int32 = 0
        var usage = rusage()
        while unsafe wait4(id, &status, 0, &usage) < 0, Errno.current == .interrupted {}
        let wall = milliseconds(since: began) / 1000
        guard status == 0 else {
            let said = String(decoding: (try? readFile(log, limit: 1 << 20)) ?? [], as: UTF8.self)
            throw TestFailure("\(words.joined(separator: " ")): status \(status)\n\(said)")
        }
        return ProcessUsage(
            wallSeconds: wall, processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakBytes: usage.ru_maxrss * 1024, peakFloor: floor)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// This program's resident set, in bytes (the second number of /proc/self/statm counts pages).
    private static func ownSize() throws -> Int {
        let text = String(decoding: try readFile(FilePath("/proc/self/statm"), limit: 4096), as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * pageSize
    }

    private static func start(
        _ words: [String], _ environment: [String], output: FilePath, errors: FilePath
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let created = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output.description, created, 0o644)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors.description, created, 0o644)
        let arguments = unsafe words.map { unsafe strdup($0) }
        let variables = unsafe environment.map { unsafe strdup($0) }
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        var id = pid_t()
        let result = unsafe posix_spawn(&id, words[0], &actions, nil, arguments + [nil], variables + [nil])
        guard result == 0 else { throw SystemError(Errno(rawValue: result), call: "posix_spawn", subject: words[0]) }
        return id
    }
}

/// The size of a page of memory, in bytes.
let pageSize = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))
