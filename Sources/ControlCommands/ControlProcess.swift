internal import APIClient
internal import Glibc
internal import LinuxSystem

/// kikod-ctl as a process: its arguments, its terminal, its exit code.
package enum ControlProcess {
    /// Runs the process's own command line and returns its exit code.
    package static func run() -> Int32 {
        // A reader that goes away, as `head` does, is then an error of write(2), which ends the output quietly.
        signal(SIGPIPE, SIG_IGN)
        let output = DescriptorSink(STDOUT_FILENO)
        let errors = DescriptorSink(STDERR_FILENO)
        let context = CommandContext(
            output: output, errors: errors, width: terminalWidth(STDOUT_FILENO),
            progressWidth: terminalWidth(STDERR_FILENO), environment: environment(),
            workingDirectory: StartingConditions.workingDirectory, clock: { WallClock.now },
            exists: { (try? FileStatus.of($0, followLinks: false)) != nil },
            sleep: { milliseconds in
                output.flush()
                errors.flush()
                usleep(UInt32(milliseconds) * 1000)
            }, makeClient: { APIClient(sockets: $0) })
        let code = ControlProgram.run(StartingConditions.arguments, context)
        output.flush()
        if output.failure != 0, output.failure != EPIPE {
            _ = errors.write(Array("kikod-ctl: standard output: \(Errno(rawValue: output.failure))\n".utf8))
            errors.flush()
            return ExitCode.nothing.rawValue
        }
        errors.flush()
        return code.rawValue
    }

    /// The variables that kikod-ctl reads.
    private static func environment() -> [String: String] {
        var values: [String: String] = [:]
        for name in ["KIKOD_SOCKET", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "HOME", "TERM", "NO_COLOR"] {
            values[name] = StartingConditions.variable(name)
        }
        return values
    }

    /// The columns of the terminal that a descriptor is, 80 where it does not tell; nil when it is none.
    private static func terminalWidth(_ descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        let columns = unsafe getenv("COLUMNS").flatMap { unsafe Int(String(cString: $0)) }
        return columns.flatMap { $0 > 0 ? $0 : nil } ?? 80
    }
}
