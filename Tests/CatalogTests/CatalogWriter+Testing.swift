import LinuxSystem

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
