import LinuxSystem
import SQLite

@testable import Catalog

extension CatalogWriter {
    /// Sets roots as if the rules had changed, so that every file is asked about.
    func setRoots(
        _ roots: [(path: FilePath, type: String?)], covers: (_ path: FilePath, _ root: FilePath) -> Bool
    ) throws -> [RootRecord] {
        try setMetadata("coverage", "none", at: "2025-01-01T00:00:00.000Z")
        return try setRoots(roots, rules: "test", at: "2025-01-01T00:00:00.000Z", covers: covers)
    }
}

extension CatalogWriter {
    /// Takes a row out, as if its file had been forgotten.
    func remove(_ id: Int64) throws {
        let old = try contentID(ofFile: id)
        try connection.run("DELETE FROM local_files WHERE id = ?", [.integer(id)])
        if let old { try dropIfUnused(content: old) }
    }
}

extension CatalogWriter {
    /// Marks files as missing wherever they are.
    func markMissing(_ ids: [Int64], at now: String) throws {
        try markMissing(ids.compactMap { id in try place(ofFile: id).map { (id: id, path: $0.path) } }, at: now)
    }
}
