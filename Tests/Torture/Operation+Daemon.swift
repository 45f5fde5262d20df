import Glibc
import LinuxSystem
import TestSupport

extension Operation {
    /// What happens to the daemon itself.
    static let daemon = [
        Operation("kill -9", .restarts, weight: 2) { try $0.stopDaemon(SIGKILL) },
        Operation("end and start", .restarts, weight: 2) { try $0.stopDaemon(SIGTERM) },
        Operation("stall", .overflows, weight: 1) { torture in
            guard torture.daemon.isRunning, !torture.daemon.isStalled else { return nil }
            torture.daemon.stall(true)
            torture.operationsWithoutDaemon = torture.random(1...8)
            // Each rename is two events, and the queue holds 16,384 of them by default (inotify(7)).
            let directory = torture.someDirectory()
            let names = ["burst.tmp", "burst2.tmp"].map { directory.appending($0) }
            try writeFile(names[0], "")
            for turn in 0..<10_000 { try renameFile(names[turn % 2], names[1 - turn % 2]) }
            removeFile(names[0])
            return "\(torture.operationsWithoutDaemon) operations, 20,000 events in \(torture.shown(directory))"
        },
        Operation("reload", .reloads, weight: 1) { torture in
            guard torture.daemon.isRunning, !torture.daemon.isStalled else { return nil }
            let all = torture.playground.roots
            torture.configuredRoots = torture.configuredRoots == all ? [all[0]] : all
            let wanted = torture.configuredRoots
            try torture.playground.configure(roots: wanted)
            try torture.daemon.reload(roots: wanted)
            return "\(wanted.count) roots"
        },
    ]
}

extension Torture {
    /// Ends the daemon, perhaps for some operations.
    fileprivate func stopDaemon(_ signal: Int32) throws -> String? {
        guard daemon.isRunning, !daemon.isStalled else { return nil }
        let count = chance(1, in: 2) ? 0 : random(1...10)
        try daemon.stop(signal)
        // This operation counts too.
        operationsWithoutDaemon = count + 1
        return "for \(count) operations"
    }
}
