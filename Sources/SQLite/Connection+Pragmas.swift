package import LinuxSystem

extension Connection {
    /// The first column of a pragma's first row; NULL where it answers nothing.
    package func pragma(_ name: StaticString) throws(SQLiteError) -> Value {
        try firstRow("PRAGMA \(name)") { $0.value(0) } ?? .null
    }

    /// The number that a pragma answers; 0 where it answers none.
    package func integerPragma(_ name: StaticString) throws(SQLiteError) -> Int64 {
        try firstRow("PRAGMA \(name)") { $0.integer(0) } ?? 0
    }

    /// Sets a pragma to a number. SQLite says nothing of one that it does not know or refuses to change.
    package func setPragma(_ name: StaticString, _ value: Int64) throws(SQLiteError) {
        try execute("PRAGMA \(name) = \(value)")
    }

    /// Makes write-ahead logging the file's journal, with `synchronous` NORMAL and a log file cut to 8 MiB.
    ///
    /// - Throws: `.cannotOpen` where the file cannot have it, as on a network file system.
    package func useWriteAheadLog() throws(SQLiteError) {
        let mode = try firstRow("PRAGMA journal_mode = WAL") { $0.text(0) } ?? ""
        guard mode == "wal" else {
            throw SQLiteError(.cannotOpen, "the file cannot have a write-ahead log (journal mode \(mode))")
        }
        try execute(
            "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608; PRAGMA wal_autocheckpoint = 1000;")
    }

    /// The faults that SQLite's quick check finds in the file; empty for a sound one. A file damaged enough fails the
    /// check itself, with `.corrupt`.
    package func quickCheck(limit: Int = 100) throws(SQLiteError) -> [String] {
        let lines = try rows("PRAGMA quick_check(\(max(1, limit)))") { $0.text(0) }
        return lines == ["ok"] ? [] : lines
    }

    /// The faults of a file, to be asked before a `Database` opens it; empty for a sound or new one.
    package static func problems(in path: FilePath) throws(SQLiteError) -> [String] {
        do throws(SQLiteError) {
            let connection = try Connection(path, .readWriteCreate)
            defer { connection.close() }
            return try connection.quickCheck()
        } catch {
            // A file damaged enough can be neither opened nor checked.
            switch error.code {
            case .corrupt, .notADatabase: return [error.message]
            default: throw error
            }
        }
    }

    /// Writes a compact copy of the database's present state, mode 0600, replacing a file of that name.
    ///
    /// The copy has its name only when it is complete and on the disk. Not inside a transaction.
    package func backup(to path: FilePath) throws(SQLiteError) {
        let partial = FilePath(bytes: path.bytes + Array(".partial".utf8)) ?? path
        try removeFile(partial)
        // VACUUM INTO takes an empty file as its target, and so keeps this one's mode.
        try createPrivateFile(partial)
        do throws(SQLiteError) {
            try run("VACUUM INTO ?", [.textBytes(partial.bytes)])
            try publishFile(partial, as: path)
        } catch {
            try? removeFile(partial)
            throw error
        }
    }
}
