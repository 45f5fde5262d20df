import Glibc
import LinuxSystem

/// A process with a mount namespace of its own, in which a test mounts what nobody else sees.
///
/// It ends, and its mounts with it, when the object does.
final class PrivateMounts {
    let process: pid_t
    /// The mount table of the namespace.
    var table: FilePath { FilePath("/proc/\(process)/mountinfo") }
    private let orders: FileDescriptor

    /// Puts one mount on a directory and takes it away again, a step for each line that it reads, and answers each.
    private static let script = """
        echo ready; read step; mount -t tmpfs kikod-test "$0"; echo mounted; read step; umount "$0"; echo ended; read step
        """
    private let answers: FileDescriptor

    /// Starts the process; the namespace is there when this returns. `directory` is what `step` mounts on.
    init(directory: FilePath) throws {
        let (input, output) = (try Self.makePipe(), try Self.makePipe())
        orders = FileDescriptor(owning: input.writing)
        answers = FileDescriptor(owning: output.reading)
        process = try Self.start(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", Self.script, directory.description],
            input: input.reading, output: output.writing)
        close(input.reading)
        close(output.writing)
        try waitForAnswer("ready")
    }

    /// Mounts, and waits for it; to be called once, in place of the first `step`.
    func mount() throws {
        try step()
        try waitForAnswer("mounted")
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) == -1, errno == EINTR {}
    }

    /// Mounts the first time, unmounts the second time; without waiting for it.
    func step() throws { try orders.writeAll(Array("step\n".utf8), shown: FilePath("pipe")) }

    /// True when this process may make mount namespaces and mount in them.
    static let isPossible: Bool = {
        guard geteuid() == 0,
            let process = try? start(
                ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "kikod-test", "/mnt"],
                input: -1, output: -1)
        else { return false }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) == -1 { if errno != EINTR { return false } }
        return status == 0
    }()

    private func waitForAnswer(_ answer: String) throws {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(answers.number, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        guard line == Array(answer.utf8) else { throw SystemError(.invalidArgument, call: "unshare") }
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe") { unsafe pipe(&ends) }
        for end in ends { try systemCall("fcntl") { fcntl(end, F_SETFD, FD_CLOEXEC) } }
        return (ends[0], ends[1])
    }

    /// Starts a program with these descriptors as its standard input and output; -1 for /dev/null.
    private static func start(_ command: [String], input: Int32, output: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in [(Int32(0), input), (1, output), (2, -1)] {
            if descriptor < 0 {
                unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            } else {
                unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            }
        }
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var process = pid_t()
        let result = unsafe posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
        guard result == 0 else { throw SystemError(Errno(rawValue: result), call: "posix_spawn", subject: command[0]) }
        return process
    }
}
