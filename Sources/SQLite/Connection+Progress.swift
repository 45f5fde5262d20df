internal import CSQLite

/// What is called while statements run. The connection keeps it for as long as SQLite may call it.
final class ProgressObserver {
    fileprivate let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
}

extension Connection {
    /// Has `body` called again and again while a statement gets on, on the thread that runs it: about every millisecond
    /// of work, and never while it waits for a drive. It must not use the connection.
    package func onProgress(_ body: @escaping () -> Void) throws(SQLiteError) {
        let database = try unsafe opened()
        let observer = ProgressObserver(body)
        progressObserver = observer
        let steps: Int32 = 100_000
        unsafe sqlite3_progress_handler(
            database, steps,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<ProgressObserver>.fromOpaque(context).takeUnretainedValue().body()
                }
                return 0
            }, Unmanaged.passUnretained(observer).toOpaque())
    }
}
