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
        if command.flag("check-config") { return await checkConfiguration(loader, overrides, surroundings) }
        let manager = ServiceManager()
        do {
            let requests = try ProcessRequests(manager: manager)
            // A configured ComfyUI directory may lie on a drive that hangs.
            let loaded = try await requests.unlessEnding("configuration") { try loader.load(overrides) }
            try requireRoots(loaded, surroundings)
            let daemon = DaemonProcess(
                loaded: loaded, isSinglePass: command.flag("once"), reload: { try loader.load(overrides) },
                manager: manager, requests: requests)
            return try await daemon.run()
        } catch is ProcessRequests.StartCancelled {
            return command.flag("once") ? .failure : .success
        } catch {
            return fail(error, manager)
        }
    }

    private static func checkConfiguration(
        _ loader: SettingsLoader, _ overrides: CommandLineOverrides, _ surroundings: Surroundings
    ) async -> ExitStatus {
        do {
            let loaded = try await onOwnThread("configuration") { try loader.load(overrides) }
            try requireRoots(loaded, surroundings)
            for note in loaded.notes { say("\(note)") }
            print(loaded.file.map { "\($0): no faults" } ?? "no configuration file, no faults")
            return .success
        } catch {
            let (status, lines) = explain(error)
            for line in lines { say(line) }
            return status
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
        throw DaemonFailure(.configuration, lines[0], advice: Array(lines.dropFirst()))
    }

    /// The exit status for an error, and what is said of it, in lines.
    private static func explain(_ error: any Error) -> (ExitStatus, [String]) {
        switch error {
        case let faults as ConfigurationFaults: (.configuration, faults.faults.map(\.description))
        case let failure as DaemonFailure:
            (failure.status, ["kikod: \(failure)"] + failure.advice.map { "  " + $0 })
        default: (.failure, ["kikod: \(error)"])
        }
    }

    /// Tells why kikod ends, where people look for it: on stderr or in the journal, and in `systemctl status`.
    private static func fail(_ error: any Error, _ manager: ServiceManager) -> ExitStatus {
        if let errno = (error as? DaemonFailure)?.errno { manager.failed(errno) }
        let (status, lines) = explain(error)
        let journal = JournalHandler()
        // As lines also in the journal, which still knows their unit when the process is gone; "<3>" is their level
        // (sd-daemon(3)).
        for line in lines { say((journal == nil ? "" : "<3>") + line) }
        journal?.write(
            LogRecord(
                level: .error, message: "kikod ends with the exit status \(status.rawValue)", event: .failed,
                fields: [.init("exit_status", status.rawValue)]))
        let others = lines.count > 1 ? " (and \(lines.count - 1) more, see the journal)" : ""
        if let first = lines.first { manager.show(first + others) }
        return status
    }

    private static func say(_ line: String) {
        let bytes = Array((line.onOneLine + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }
}
