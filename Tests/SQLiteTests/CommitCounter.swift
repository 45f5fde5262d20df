import CSQLite
import Synchronization

@testable import SQLite

/// Counts the commits of a connection, and refuses them on demand, which makes COMMIT fail.
///
/// The connection keeps it alive: the hook holds a reference that is never given back, a leak of a test.
final class CommitCounter: Sendable {
    private let state = Mutex((commits: 0, refuses: false))

    var commits: Int { state.withLock { $0.commits } }

    func refuse(_ refuses: Bool) { state.withLock { $0.refuses = refuses } }

    func install(on connection: Connection) throws {
        unsafe sqlite3_commit_hook(try connection.opened(), commitHook, Unmanaged.passRetained(self).toOpaque())
    }

    static func installed(on connection: Connection) throws -> CommitCounter {
        let counter = CommitCounter()
        try counter.install(on: connection)
        return counter
    }

    fileprivate func count() -> Int32 {
        state.withLock { state in
            state.commits += 1
            return state.refuses ? 1 : 0
        }
    }
}

private func commitHook(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context = unsafe context else { return 0 }
    return unsafe Unmanaged<CommitCounter>.fromOpaque(context).takeUnretainedValue().count()
}
