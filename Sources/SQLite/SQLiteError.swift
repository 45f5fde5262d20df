internal import CSQLite
internal import Glibc
internal import LinuxSystem

/// What SQLite refused or failed to do.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code; compare with `~=` or `switch` to match it by its primary code.
    package let code: ResultCode
    /// A sentence for people.
    package let message: String
    /// The statement or script that failed, with `?` where values were bound.
    package let sql: String?

    package init(_ code: ResultCode, _ message: String, sql: String? = nil) {
        self.code = code
        self.message = message
        self.sql = sql
    }

    package var description: String {
        guard let sql else { return "\(message) (\(code.rawValue))" }
        let shown = sql.count > 200 ? sql.prefix(200) + "…" : sql[...]
        return "\(message) (\(code.rawValue)) in: \(shown)"
    }
}

extension SQLiteError {
    /// Everything that is asked of a closed connection or database ends with this error.
    static let closed = SQLiteError(.misuse, "the database is closed")

    /// The last error of a connection; `result` is the code that its last call returned.
    init(_ result: Int32, of handle: OpaquePointer?, sql: String? = nil) {
        guard let handle = unsafe handle else {
            self.init(ResultCode(rawValue: result), ResultCode(rawValue: result).description, sql: sql)
            return
        }
        // A misuse leaves the connection's own code as it was, so that the returned code says more.
        let extended = unsafe ResultCode(rawValue: sqlite3_extended_errcode(handle))
        let code = ResultCode(rawValue: result)
        guard extended.primary == code.primary, let text = unsafe sqlite3_errmsg(handle) else {
            self.init(code, code.description, sql: sql)
            return
        }
        self.init(extended, unsafe String(cString: text), sql: sql)
    }

    /// A failed system call on the database's or a backup's file.
    init(_ error: SystemError) {
        let code: ResultCode =
            switch error.errno.rawValue {
            case ENOSPC, EDQUOT: .full
            case EACCES, EPERM, ENOENT, ENOTDIR, EISDIR, EROFS: .cannotOpen
            default: .inputOutput
            }
        self.init(code, error.description)
    }
}
