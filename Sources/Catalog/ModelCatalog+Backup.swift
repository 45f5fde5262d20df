internal import Glibc
package import LinuxSystem
internal import SQLite

extension ModelCatalog {
    /// Bytes that a copy leaves free.
    private static let reserve: Int64 = 64 << 20

    /// Where a copy lies while it is written.
    private static func copyPath(_ directory: FilePath) -> FilePath { directory.appending("backup.tmp") }

    /// Makes a compact copy of the database as it is at this moment, and opens it. It has no name any more then, so that
    /// nothing is left of it when it is closed.
    ///
    /// Nobody waits for it, however long it takes: it reads beside the writing thread. Only one at a time. Blocks.
    package func openBackup() throws(CatalogError) -> FileDescriptor {
        let copy = Self.copyPath(path.parent)
        // The index needs room, too, while the copy lies there.
        let needed = bytes.addingReportingOverflow(Self.reserve).partialValue
        guard freeBytes(at: path.parent).map({ $0 > needed }) ?? true else {
            throw CatalogError(
                .database, "\(path.parent) has too little room for a copy of the database of \(bytes) bytes.")
        }
        do throws(SQLiteError) {
            // SQLite 3.40 cannot copy tables with generated columns over a connection that may only read.
            let connection = try Connection(path, .readWriteCreate)
            defer { connection.close() }
            try connection.backup(to: copy)
        } catch {
            throw CatalogError(.database, "the copy of \(path) cannot be written: \(error.message)", cause: error)
        }
        do throws(SystemError) {
            let file = try FileDescriptor.open(copy, O_RDONLY)
            try removePath(copy)
            return file
        } catch {
            throw CatalogError(.database, "the copy of \(path) cannot be read: \(error)")
        }
    }

    /// Removes what a process that was killed amid a backup has left.
    static func removeUnfinishedBackup(in directory: FilePath) {
        let copy = copyPath(directory)
        for path in [copy, FilePath(copy.description + ".partial"), FilePath(copy.description + ".partial-journal")] {
            // Most of the time there is nothing; what cannot be removed is replaced by the next backup.
            try? removePath(path)
        }
    }
}
