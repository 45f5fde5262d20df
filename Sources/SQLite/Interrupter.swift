internal import CSQLite
internal import Synchronization

/// Ends what a connection is doing, from any thread.
///
/// `@unchecked Sendable`: the handle is only read under the lock, only handed to sqlite3_interrupt(), which any thread
/// may call while the connection is open, and gone before the connection closes.
@safe package final class Interrupter: @unchecked Sendable {
    private let lock = Mutex<Void>(())
    private var handle: OpaquePointer?

    init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    /// Makes the statements that run now fail with `.interrupted`; without an effect on later ones.
    package func interrupt() {
        lock.withLock { _ in
            if let handle = unsafe handle { unsafe sqlite3_interrupt(handle) }
        }
    }

    func forget() {
        lock.withLock { _ in unsafe handle = nil }
    }
}
