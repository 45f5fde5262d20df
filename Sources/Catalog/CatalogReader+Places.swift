package import LinuxSystem
internal import SQLite

/// A row of `local_files` as far as an unchanged file can be told by it.
package struct FileRow: Sendable, Hashable {
    package let id: Int64
    package let name: [UInt8]
    package let size: Int64
    package let modified: Int64
    package let changed: Int64
    package let inode: UInt64
    package let state: FileState
    package let isHeld: Bool
    package let placeType: String?
    package let placeTypeSource: String?
    /// As in `KnownFile`.
    package let look: Int64?
}

/// The rows of one folder, in bytewise order of their names.
package struct FolderRows: Sendable {
    package let folder: [UInt8]
    package var rows: [FileRow]
}

extension CatalogReader {
    /// Every place that is known.
    package func places() throws -> [PlaceRecord] {
        try connection.rows("SELECT path, kind, file_system_id, inode FROM places ORDER BY path") { row in
            guard let path = FilePath(bytes: row.bytes(0)), let kind = PlaceRecord.Kind(rawValue: row.text(1)) else {
                return PlaceRecord?.none
            }
            return PlaceRecord(path: path, kind: kind, fileSystemID: row.textOrNil(2), inode: row.unsigned(3))
        }.compactMap(\.self)
    }

    /// The rows of a folder and of those that follow it in bytewise order, whole folders and about `limit` rows.
    /// The first one is always the folder that was asked for.
    package func folders(ofRoot root: Int64, from folder: [UInt8], limit: Int) throws -> [FolderRows] {
        var folders = try rows(
            "root_id = ? AND folder >= ? ORDER BY folder LIMIT ?",
            [.integer(root), .textBytes(folder), .integer(Int64(limit))])
        if folders.first?.folder != folder { folders.insert(FolderRows(folder: folder, rows: []), at: 0) }
        // The last folder may be cut off.
        if folders.reduce(0, { $0 + $1.rows.count }) >= limit {
            let last = folders.removeLast()
            if folders.isEmpty {
                folders = try rows("root_id = ? AND folder = ?", [.integer(root), .textBytes(last.folder)])
            }
        }
        for index in folders.indices where !folders[index].rows.isSortedByName {
            folders[index].rows.sort { precedes($0.name, $1.name) }
        }
        return folders
    }

    private func rows(_ condition: String, _ bindings: [Value]) throws -> [FolderRows] {
        var folders: [FolderRows] = []
        try connection.query(
            """
            SELECT folder, id, name, size, mtime_ns, ctime_ns, inode, state, held, place_type, place_type_source,
                look
            FROM local_files INDEXED BY local_files_folder WHERE \(condition)
            """, bindings
        ) { row in
            guard let state = FileState(rawValue: row.text(7)) else { return }
            let folder = row.bytes(0)
            let file = FileRow(
                id: row.integer(1), name: row.bytes(2), size: row.integer(3), modified: row.integer(4),
                changed: row.integer(5), inode: row.unsigned(6), state: state, isHeld: row.boolean(8),
                placeType: row.textOrNil(9), placeTypeSource: row.textOrNil(10), look: row.integerOrNil(11))
            if folders.last?.folder == folder {
                folders[folders.count - 1].rows.append(file)
            } else {
                folders.append(FolderRows(folder: folder, rows: [file]))
            }
        }
        return folders
    }

    /// Paths of some present files below a path.
    package func sampleFiles(below path: FilePath, limit: Int) throws -> [FilePath] {
        let (lower, upper) = pathRange(below: path)
        return try connection.rows(
            """
            SELECT file_path FROM local_files
            WHERE file_path > ? AND file_path < ? AND state != 'missing' AND root_id IS NOT NULL LIMIT ?
            """, [.textBytes(lower), .textBytes(upper), .integer(Int64(limit))]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    /// Places that were offline when that was last written.
    package func offlinePlaces() throws -> Set<FilePath> {
        Set(
            try connection.rows("SELECT path FROM places WHERE offline_since_ns IS NOT NULL") {
                FilePath(bytes: $0.bytes(0))
            }.compactMap(\.self))
    }

    /// How many rows a folder of a root and everything below it have, missing files included.
    package func rowCount(ofRoot root: Int64, below folder: [UInt8]) throws -> Int {
        let (condition, bindings) = range(ofRoot: root, below: folder)
        return try connection.firstRow(
            "SELECT count(*) FROM local_files INDEXED BY local_files_folder WHERE \(condition)", bindings
        ) { Int(clamping: $0.integer(0)) } ?? 0
    }

    /// Every folder with a row, from a folder of a root downwards, in bytewise order.
    package func folderNames(ofRoot root: Int64, below folder: [UInt8]) throws -> [[UInt8]] {
        let (condition, bindings) = range(ofRoot: root, below: folder)
        return try connection.rows(
            "SELECT DISTINCT folder FROM local_files INDEXED BY local_files_folder WHERE \(condition) ORDER BY folder",
            bindings
        ) { $0.bytes(0) }
    }

    private func range(ofRoot root: Int64, below folder: [UInt8]) -> (condition: String, bindings: [Value]) {
        guard !folder.isEmpty else { return ("root_id = ?1", [.integer(root)]) }
        let slash = UInt8(ascii: "/")
        return (
            "root_id = ?1 AND (folder = ?2 OR (folder >= ?3 AND folder < ?4))",
            [
                .integer(root), .textBytes(folder), .textBytes(folder + [slash]),
                .textBytes(folder + [slash + 1]),
            ]
        )
    }

    /// Present files directly in a folder of a root.
    package func presentFiles(inFolder folder: [UInt8], ofRoot root: Int64) throws -> [(id: Int64, path: FilePath)] {
        try connection.rows(
            "SELECT id, file_path FROM local_files WHERE root_id = ? AND folder = ? AND state != 'missing'",
            [.integer(root), .textBytes(folder)]
        ) { row in FilePath(bytes: row.bytes(1)).map { (id: row.integer(0), path: $0) } }.compactMap(\.self)
    }

    /// Present files directly in a directory whose names are the stem and an ending.
    package func presentFiles(in directory: FilePath, stem: [UInt8]) throws -> [FilePath] {
        let path = directory.appending(stem)
        return try connection.rows(
            """
            SELECT file_path FROM local_files
            WHERE file_path > ? AND file_path < ? AND state != 'missing' AND root_id IS NOT NULL
            """,
            // "." is followed by "/", which is in no name.
            [.textBytes(path.bytes + [UInt8(ascii: ".")]), .textBytes(path.bytes + [UInt8(ascii: "/")])]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self).filter { file in
            let ending = file.bytes.dropFirst(path.bytes.count + 1)
            return !ending.contains(UInt8(ascii: ".")) && !ending.contains(UInt8(ascii: "/"))
        }
    }

    /// Other present names of the inode that a path has, or had until it went, as far as their rows do not say the same
    /// of it.
    package func outdatedLinks(to path: FilePath) throws -> [FilePath] {
        try connection.rows(
            """
            SELECT o.file_path FROM local_files f JOIN local_files o INDEXED BY local_files_identity
                ON o.inode = f.inode AND o.file_system_id IS f.file_system_id AND o.id != f.id
            WHERE f.file_path = ? AND f.links > 1 AND o.state != 'missing' AND o.root_id IS NOT NULL
                AND (f.state = 'missing' OR o.held > f.held OR (o.size, o.mtime_ns, o.ctime_ns) IS NOT (f.size, f.mtime_ns, f.ctime_ns))
            """, [.textBytes(path.bytes)]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    /// Other present names of the inode that a file has.
    package func otherNames(of file: KnownFile) throws -> [FilePath] {
        try connection.rows(
            """
            SELECT file_path FROM local_files INDEXED BY local_files_identity
            WHERE inode = ? AND file_system_id IS ? AND id != ? AND state != 'missing' AND root_id IS NOT NULL
            """, [Value(unsigned: file.inode), Value(file.fileSystemID), .integer(file.id)]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    /// True when any file is known below a path, missing ones included.
    package func knowsFiles(below path: FilePath) throws -> Bool {
        let (lower, upper) = pathRange(below: path)
        return try connection.firstRow(
            "SELECT 1 FROM local_files WHERE file_path > ? AND file_path < ? AND root_id IS NOT NULL LIMIT 1",
            [.textBytes(lower), .textBytes(upper)]
        ) { _ in true } ?? false
    }

    /// When the missing file that has waited longest began to count for `keep_missing`, in nanoseconds since 1970.
    package func firstMissing(outside offline: [FilePath]) throws -> Int64? {
        try connection.firstRow(
            """
            SELECT missing_counted_from_ns FROM local_files
            WHERE state = 'missing' AND missing_counted_from_ns IS NOT NULL AND (root_id IS NOT NULL OR displaced = 1)
                AND \(CatalogWriter.mayBeForgotten)
                \(condition(outside: offline))
            ORDER BY missing_counted_from_ns LIMIT 1
            """
        ) { $0.integer(0) }
    }
}

/// A condition, to follow others, that leaves out what lies below some paths; written as blobs, so that any byte may
/// be in them.
func condition(outside paths: [FilePath]) -> String {
    guard !paths.isEmpty else { return "" }
    // A statement takes a megabyte (sqlite.org/limits.html); with more than that away, everything is left out.
    guard paths.reduce(0, { $0 + 4 * $1.bytes.count + 100 }) < 900_000 else { return " AND 0" }
    return " AND NOT \(anyOf(paths[...]))"
}

/// True below any of the paths; as a balanced tree, since SQLite takes expressions up to a depth of 1000.
private func anyOf(_ paths: ArraySlice<FilePath>) -> String {
    guard let path = paths.first else { return "0" }
    guard paths.count == 1 else {
        let middle = paths.startIndex + paths.count / 2
        return "(\(anyOf(paths[..<middle])) OR \(anyOf(paths[middle...])))"
    }
    let (lower, upper) = pathRange(below: path)
    return "(CAST(file_path AS BLOB) > x'\(hexadecimal(lower))' AND CAST(file_path AS BLOB) < x'\(hexadecimal(upper))')"
}

extension [FileRow] {
    fileprivate var isSortedByName: Bool { zip(self, dropFirst()).allSatisfy { precedes($0.name, $1.name) } }
}
