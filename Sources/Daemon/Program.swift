internal import CommandLineParsing
internal import Configuration
internal import Glibc
internal import IndexAPI
internal import LinuxSystem
internal import Logging
internal import ServiceLifecycle
internal import Systemd

/// The program kikod, from its arguments to its exit status.
package enum Program {
    /// Runs the program and ends the process. Call it on the main thread, before there is any other.
    ///
    /// The process ends with `_exit`: a thread that hangs on a dead drive must not keep it.
    package static func run() -> Never {
        // The mask of signals is inherited by every thread that follows.
        ProcessSignals.block()
        limitHeapArenas()
        // Swift's thread pool complains to syslog that it may not give its timer thread a higher priority, at each start
        // of whoever is not root. kikod does not need that; who looks for faults of the pool sets the variable.
        unsafe setenv("LIBDISPATCH_LOG", "NO", 0)
        Task.detached(priority: .utility) {
            let status = await Self.status(arguments: StartingConditions.arguments)
            fflush(nil)
            _exit(status.rawValue)
        }
        while true { pause() }
    }

    private static func status(arguments: [String]) async -> ExitStatus {
        let command: ParsedCommand
        do {
            switch try DaemonCommand.specification.parse(arguments) {
            case .help(let text), .version(let text):
                print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
                return .success
            case .run(let parsed): command = parsed
            }
        } catch {
            say("kikod: \(error)")
            return .usage
        }
        let surroundings = Surroundings.current()
        let loader = SettingsLoader(surroundings: surroundings)
        let overrides = DaemonCommand.overrides(command)
        do {
            // A configured ComfyUI directory may lie on a drive that hangs.
            let loaded = try await onOwnThread("configuration") { try loader.load(overrides) }
            try requireRoots(loaded, surroundings)
            if command.flag("check-config") {
                for note in loaded.notes { say("\(note)") }
                print(loaded.file.map { "\($0): no faults" } ?? "no configuration file, no faults")
                return .success
            }
            let daemon = DaemonProcess(
                loaded: loaded, isSinglePass: command.flag("once"), reload: { try loader.load(overrides) })
            return try await daemon.run()
        } catch let faults as ConfigurationFaults {
            return fail(.configuration, faults.faults.map(\.description))
        } catch let failure as DaemonFailure {
            if let errno = failure.errno { ServiceManager().failed(errno) }
            return fail(failure.status, ["kikod: \(failure)"])
        } catch {
            return fail(.failure, ["kikod: \(error)"])
        }
    }

    /// Without any root there is nothing to do; an explicit empty list is meant.
    private static func requireRoots(_ loaded: LoadedSettings, _ surroundings: Surroundings) throws(DaemonFailure) {
        guard !loaded.rootsAreNamed else { return }
        let found = RootDiscovery.find(home: surroundings.home) { (try? FileStatus.of($0).kind) == .directory }
        var lines = ["no directory to watch is named: use --root DIR, or roots: in a configuration file"]
        for library in found {
            lines.append("\(library.program.rawValue) is in \(library.directory); to index it:  \(library.command)")
            // Unlike the command, this also takes the directories that extra_model_paths.yaml names.
            if library.program == .comfyUI { lines.append("or better, in kikod.yaml:  \(library.configuration)") }
        }
        throw DaemonFailure(.configuration, lines.joined(separator: "\n  "))
    }

    /// Tells why kikod ends, where people look for it: on stderr or in the journal, and in `systemctl status`.
    private static func fail(_ status: ExitStatus, _ reasons: [String]) -> ExitStatus {
        let journal = JournalHandler()
        // As lines also in the journal, which still knows their unit when the process is gone; "<3>" is their level
        // (sd-daemon(3)).
        for line in reasons.flatMap({ $0.split(separator: "\n") }) { say((journal == nil ? "" : "<3>") + line) }
        journal?.write(
            LogRecord(
                level: .error, message: "kikod ends with the exit status \(status.rawValue)", event: .failed,
                fields: [.init("exit_status", status.rawValue)]))
        let others = reasons.count > 1 ? " (and \(reasons.count - 1) more, see the journal)" : ""
        if let first = reasons.first { ServiceManager().show(first + others) }
        return status
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }
}
