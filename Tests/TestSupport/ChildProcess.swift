package import Glibc
package import LinuxSystem
internal import Synchronization

/// How a program ended.
package enum ExitOutcome: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
}

/// A program that a test started. It is reaped in every case, by a thread of its own.
package final class ChildProcess: Sendable {
    /// Where standard output goes.
    package enum Output {
        case file(FilePath)
        /// A pipe that nobody reads any more.
        case closedPipe
    }

    /// What has to be said to start a program.
    package struct Launch {
        package var program: FilePath
        package var arguments: [[UInt8]]
        package var environment: [String]
        package var workingDirectory: FilePath
        package var output: Output
        package var errors: FilePath

        package init(
            program: FilePath, arguments: [[UInt8]], environment: [String], workingDirectory: FilePath,
            output: Output, errors: FilePath
        ) {
            self.program = program
            self.arguments = arguments
            self.environment = environment
            self.workingDirectory = workingDirectory
            self.output = output
            self.errors = errors
        }
    }

    /// The process id, taken until the process has been reaped.
    package let id: pid_t
    private let outcome = Mutex<ExitOutcome?>(nil)
    private let ended = Condition()

    /// Starts the program.
    package init(_ launch: Launch) throws {
        id = try Self.spawn(launch)
        do {
            _ = try SystemThread(name: "reaper") { [self] in reap() }
        } catch {
            Glibc.kill(id, SIGKILL)
            throw error
        }
    }

    /// Waits until the program has ended; nil when it has not by `deadline`. Blocks.
    package func wait(until deadline: MonotonicTime) -> ExitOutcome? {
        ended.wait(until: deadline) { self.outcome.withLock { $0 != nil } }
        return outcome.withLock { $0 }
    }

    /// Sends a signal unless the program has ended; its number is still its own then.
    package func send(signal: Int32) {
        outcome.withLock { outcome in if outcome == nil { kill(id, signal) } }
    }

    /// Ends the program at once and waits until it is gone. Blocks.
    package func destroy() {
        send(signal: SIGKILL)
        _ = wait(until: .distantFuture)
    }

    private func reap() {
        // The number stays taken until the second call, under the lock that guards every signal.
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, Errno.current == .interrupted {}
        outcome.withLock { outcome in
            var status: Int32 = 0
            while unsafe waitpid(id, &status, 0) < 0, Errno.current == .interrupted {}
            let signal = status & 0x7F
            outcome = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
        }
        ended.broadcast()
    }

    // MARK: - Starting

    private static func spawn(_ launch: Launch) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let created = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        var pipe: FileDescriptor?
        switch launch.output {
        case .file(let path):
            unsafe posix_spawn_file_actions_addopen(&actions, 1, path.description, created, 0o644)
        case .closedPipe:
            let writing = try pipeWithoutReader()
            unsafe posix_spawn_file_actions_adddup2(&actions, writing.number, 1)
            pipe = consume writing
        }
        defer { withExtendedLifetime(pipe) {} }
        unsafe posix_spawn_file_actions_addopen(&actions, 2, launch.errors.description, created, 0o644)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // The module Glibc has no call for the working directory; env(1) becomes the program.
        let directory = ["env", "-C", launch.workingDirectory.description].map { Array($0.utf8) }
        let words = directory + [launch.program.bytes] + launch.arguments
        let arguments = unsafe words.map { unsafe cString($0) }
        let environment = unsafe launch.environment.map { unsafe cString(Array($0.utf8)) }
        defer { unsafe (arguments + environment).forEach { unsafe $0?.deallocate() } }
        var id = pid_t()
        let result = unsafe posix_spawn(
            &id, "/usr/bin/env", &actions, &attributes, arguments + [nil], environment + [nil])
        guard result == 0 else {
            throw SystemError(Errno(rawValue: result), call: "posix_spawn", subject: launch.program.description)
        }
        return id
    }

    private static func cString(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count + 1)
        _ = unsafe text.initialize(from: bytes.map { CChar(bitPattern: $0) } + [0])
        return text.baseAddress
    }

    private static func pipeWithoutReader() throws -> FileDescriptor {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe") { unsafe pipe(&ends) }
        close(ends[0])
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        return FileDescriptor(owning: ends[1])
    }
}
