internal import CSQLite

/// The row that a statement stands on; it is another row, or none, after the statement's next step.
///
/// Columns count from 0. A column of another type is converted as SQLite does, a column that is not there is NULL.
package struct Row {
    private let statement: Statement

    init(statement: Statement) { self.statement = statement }

    /// The number of columns.
    package var count: Int { statement.columnCount }

    /// The name of a column: that behind AS, or whatever SQLite calls it.
    package func name(_ column: Int) -> String { statement.columnName(index(column)) }

    package func isNull(_ column: Int) -> Bool { statement.columnType(index(column)) == SQLITE_NULL }

    /// The integer; 0 for NULL.
    package func integer(_ column: Int) -> Int64 { statement.columnInteger(index(column)) }

    /// The integer; nil for NULL.
    package func integerOrNil(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }

    /// The number whose bits `Value(unsigned:)` stored; 0 for NULL.
    package func unsigned(_ column: Int) -> UInt64 { UInt64(bitPattern: integer(column)) }

    /// The number whose bits `Value(unsigned:)` stored; nil for NULL.
    package func unsignedOrNil(_ column: Int) -> UInt64? { isNull(column) ? nil : unsigned(column) }

    /// True for every number but 0; false for NULL.
    package func boolean(_ column: Int) -> Bool { integer(column) != 0 }

    /// The number; 0 for NULL.
    package func real(_ column: Int) -> Double { statement.columnReal(index(column)) }

    /// The number; nil for NULL.
    package func realOrNil(_ column: Int) -> Double? { isNull(column) ? nil : real(column) }

    /// The text, with U+FFFD for bytes that are not UTF-8; empty for NULL.
    package func text(_ column: Int) -> String { statement.columnText(index(column)) }

    /// The text, with U+FFFD for bytes that are not UTF-8; nil for NULL.
    package func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    /// The bytes of a TEXT or BLOB exactly as they were stored; empty for NULL.
    package func bytes(_ column: Int) -> [UInt8] { statement.columnBytes(index(column)) }

    /// The bytes of a TEXT or BLOB exactly as they were stored; nil for NULL.
    package func bytesOrNil(_ column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

    /// The value with its stored type; TEXT that is not UTF-8 comes as `.textBytes`.
    package func value(_ column: Int) -> Value {
        switch statement.columnType(index(column)) {
        case SQLITE_INTEGER: return .integer(integer(column))
        case SQLITE_FLOAT: return .real(real(column))
        case SQLITE_BLOB: return .blob(bytes(column))
        case SQLITE_TEXT:
            let bytes = bytes(column)
            return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .textBytes(bytes)
        default: return .null
        }
    }

    /// A number that SQLite answers with NULL when it is no column's.
    private func index(_ column: Int) -> Int32 { Int32(exactly: column) ?? -1 }
}
