internal import CSQLite

/// A result code of SQLite, primary or extended. A struct and not an enum, since a newer library may answer with any number.
package struct ResultCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let ok = ResultCode(rawValue: SQLITE_OK)
    package static let error = ResultCode(rawValue: SQLITE_ERROR)
    package static let permission = ResultCode(rawValue: SQLITE_PERM)
    package static let busy = ResultCode(rawValue: SQLITE_BUSY)
    package static let locked = ResultCode(rawValue: SQLITE_LOCKED)
    package static let outOfMemory = ResultCode(rawValue: SQLITE_NOMEM)
    package static let readOnly = ResultCode(rawValue: SQLITE_READONLY)
    package static let interrupted = ResultCode(rawValue: SQLITE_INTERRUPT)
    package static let inputOutput = ResultCode(rawValue: SQLITE_IOERR)
    package static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)
    /// The disk, a quota or `max_page_count` leaves no room.
    package static let full = ResultCode(rawValue: SQLITE_FULL)
    package static let cannotOpen = ResultCode(rawValue: SQLITE_CANTOPEN)
    package static let constraint = ResultCode(rawValue: SQLITE_CONSTRAINT)
    package static let mismatch = ResultCode(rawValue: SQLITE_MISMATCH)
    /// A call that the library's contract forbids; also everything asked of a closed database.
    package static let misuse = ResultCode(rawValue: SQLITE_MISUSE)
    package static let range = ResultCode(rawValue: SQLITE_RANGE)
    package static let notADatabase = ResultCode(rawValue: SQLITE_NOTADB)

    package static let constraintCheck = ResultCode(rawValue: SQLITE_CONSTRAINT | 1 << 8)
    package static let constraintForeignKey = ResultCode(rawValue: SQLITE_CONSTRAINT | 3 << 8)
    package static let constraintNotNull = ResultCode(rawValue: SQLITE_CONSTRAINT | 5 << 8)
    package static let constraintPrimaryKey = ResultCode(rawValue: SQLITE_CONSTRAINT | 6 << 8)
    package static let constraintUnique = ResultCode(rawValue: SQLITE_CONSTRAINT | 8 << 8)
    package static let constraintDataType = ResultCode(rawValue: SQLITE_CONSTRAINT | 12 << 8)

    /// The primary code that an extended code refines; itself for a primary code.
    package var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

    /// True when `code` is `pattern`, or an extended code of the primary code `pattern`.
    package static func ~= (pattern: ResultCode, code: ResultCode) -> Bool {
        pattern == pattern.primary ? pattern == code.primary : pattern == code
    }

    /// The library's sentence for the code.
    package var description: String {
        guard let text = unsafe sqlite3_errstr(rawValue) else { return "result code \(rawValue)" }
        return unsafe String(cString: text)
    }
}
