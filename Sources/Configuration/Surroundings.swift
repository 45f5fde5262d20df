internal import FoundationEssentials
internal import Glibc
package import LinuxSystem

/// What of the process decides how a configuration is read.
package struct Surroundings: Sendable {
    /// The environment, its values as `StartingConditions` tells them; an empty value counts as none.
    package var environment: [String: String]
    /// The effective user; 0 is root, who has no configuration file of its own.
    package var userID: UInt32
    /// The user's home directory, nil when nothing tells it.
    package var home: FilePath?
    /// The start of relative paths in arguments and variables.
    package var workingDirectory: FilePath

    /// Surroundings as a test sets them.
    package init(environment: [String: String], userID: UInt32, home: FilePath?, workingDirectory: FilePath) {
        self.environment = environment
        self.userID = userID
        self.home = home
        self.workingDirectory = workingDirectory
    }

    /// Those of this process: HOME, else the home directory of passwd(5).
    package static func current() -> Surroundings {
        // The names come from here; the values are taken byte by byte.
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys { environment[name] = StartingConditions.variable(name) }
        let user = geteuid()
        var home = environment["HOME"].map { FilePath(escaped: $0) }
        if home?.isAbsolute != true {
            home = unsafe passwordEntryHome { entry, buffer, size, found in
                unsafe getpwuid_r(user, entry, buffer, size, found)
            }
        }
        return Surroundings(
            environment: environment, userID: user, home: home,
            workingDirectory: StartingConditions.workingDirectory)
    }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// A variable that holds an absolute path; others are ignored as the XDG Base Directory Specification asks.
    func absolutePath(_ name: String) -> FilePath? {
        guard let value = variable(name), value.hasPrefix("/") else { return nil }
        return FilePath(escaped: value).normalized
    }

    /// The first directory of a colon-separated list, as systemd.exec(5) sets STATE_DIRECTORY and its sisters.
    func firstDirectory(_ name: String) -> FilePath? {
        guard let first = variable(name)?.split(separator: ":").first, first.hasPrefix("/") else { return nil }
        return FilePath(escaped: String(first)).normalized
    }
}
