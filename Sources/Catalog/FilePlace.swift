package import LinuxSystem
internal import SQLite

/// Where the catalogue has a file.
package struct FilePlace: Sendable, Hashable {
    package let path: FilePath
    package let state: FileState
    /// False while no root holds the file, or another has taken its path; no answer shows it then.
    package let isCovered: Bool

    /// True when the file is in its place as far as the catalogue knows.
    package var isPresent: Bool { isCovered && state != .missing }
}

extension CatalogWriter {
    /// Where the catalogue has a file now, inside of the transaction; nil when it has no such file.
    package func place(ofFile id: Int64) throws -> FilePlace? {
        try connection.firstRow(
            "SELECT file_path, state, root_id IS NOT NULL FROM local_files WHERE id = ?", [.integer(id)]
        ) { row in
            guard let path = FilePath(bytes: row.bytes(0)), let state = FileState(rawValue: row.text(1)) else {
                return nil
            }
            return FilePlace(path: path, state: state, isCovered: row.boolean(2))
        } ?? nil
    }
}
