import Glibc
import LinuxSystem
import TestSupport

/// A kikod that permissions hold back, also where the tests run as root.
enum Unprivileged {
    /// The user and group that owns nothing (`nobody` on most systems).
    private static let id: UInt32 = 65534
    private static let tool = FilePath("/usr/bin/setpriv")

    /// True for an ordinary user, and for root where setpriv(1) is there and others can run the programs.
    static let isPossible: Bool = {
        if geteuid() != 0 { return true }
        guard (try? FileStatus.of(tool)) != nil, let kikod = try? Programs.path("kikod") else { return false }
        return othersMayReach(kikod)
    }()

    /// How to start the daemon of a place, all of whose files are given to its user.
    static func launch(_ place: Place) throws -> RunningDaemon.Launch {
        guard geteuid() == 0 else { return .init() }
        try give(place.directory)
        return .init(
            wrapper: [tool.description, "--reuid", "\(id)", "--regid", "\(id)", "--clear-groups", "--inh-caps=-all"])
    }

    private static func give(_ path: FilePath) throws {
        _ = try systemCall("chown", path.description) { unsafe chown(path.description, id, id) }
        guard try FileStatus.of(path, followLinks: false).kind == .directory else { return }
        for name in try directoryNames(path) { try give(path.appending(name)) }
    }

    private static func othersMayReach(_ path: FilePath) -> Bool {
        var path = path
        while path != .root {
            guard let status = try? FileStatus.of(path), status.mode & 0o001 != 0 else { return false }
            path = path.parent
        }
        return true
    }
}
