package import LinuxSystem
internal import SQLite

extension CatalogWriter {
    /// Where the catalogue has a file and in which state it is; nil when it has no such file.
    package func place(ofFile id: Int64) throws -> (path: FilePath, state: FileState)? {
        try connection.firstRow("SELECT file_path, state FROM local_files WHERE id = ?", [.integer(id)]) { row in
            guard let path = FilePath(bytes: row.bytes(0)), let state = FileState(rawValue: row.text(1)) else {
                return nil
            }
            return (path, state)
        } ?? nil
    }
}
