internal import Synchronization

/// Work for the writing thread, and the way back to its caller.
struct WriterJob: Sendable {
    /// How a job stands to transactions.
    enum Kind: Sendable {
        /// In a transaction, alone or with other jobs; `isDurable` when its commit must outlive a power cut.
        case transaction(isDurable: Bool)
        /// Outside of any transaction: a checkpoint, a backup.
        case alone
    }

    let kind: Kind
    /// Runs the body, keeps what it returned or threw, and answers the error.
    let run: @Sendable (Connection) -> (any Error)?
    /// Keeps this error in place of what the body returned.
    let fail: @Sendable (SQLiteError) -> Void
    /// Gives the caller what `run` kept; in place of a success that did not last, this error.
    let finish: @Sendable (SQLiteError?) -> Void

    init<Success: Sendable>(
        _ kind: Kind, _ body: @escaping @Sendable (Connection) throws -> Success,
        deliver: @escaping @Sendable (Result<Success, any Error>) -> Void
    ) {
        let kept = Kept<Success>()
        self.kind = kind
        run = { connection in
            let result = Result { try body(connection) }
            kept.result.withLock { $0 = result }
            if case .failure(let error) = result { return error }
            return nil
        }
        fail = { error in kept.result.withLock { $0 = .failure(error) } }
        finish = { error in
            let result = kept.result.withLock { $0 }
            switch (result, error) {
            case (.failure(let own), _): deliver(.failure(own))
            case (_, let error?): deliver(.failure(error))
            case (let success?, nil): deliver(success)
            case (nil, nil): deliver(.failure(SQLiteError.closed))
            }
        }
    }

    var isInTransaction: Bool {
        if case .transaction = kind { true } else { false }
    }

    var isDurable: Bool {
        if case .transaction(isDurable: true) = kind { true } else { false }
    }
}

private final class Kept<Success: Sendable>: Sendable {
    let result = Mutex<Result<Success, any Error>?>(nil)
}
