internal import LinuxSystem
internal import SQLite

/// A version in a few words.
package struct VersionMark: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let publishedAt: String?
}

/// A published version that is newer than what is installed of its model.
package struct ModelUpdate: Sendable, Hashable {
    package let modelID: Int64
    package let modelName: String
    package let baseModel: String
    /// The newest installed version of the base model, or of the model where none of the base model is.
    package let installed: VersionMark
    package let latest: VersionMark
    /// How many other base models have a version that is newer than every installed one.
    package let otherBaseModels: Int
    /// It has to be paid for, for ever or for a while that is not over.
    package let isEarlyAccess: Bool
}

/// Which updates are asked for. Nil parts do not narrow it.
package struct UpdateFilter: Sendable {
    /// A type that a file of the installed version has.
    package var type: String?
    /// CivitAI's word, in any case.
    package var baseModel: String?
    /// Also versions of base models of which none is installed.
    package var includesOtherBaseModels = false
    /// The models that are asked about.
    var models: [Int64]?

    package init() {}
}

extension CatalogReader {
    /// A content of a file of the roots, be it missing, that is what its version is about.
    private static let isInstalledModel = "l.state = 'found' AND l.dormant = 0 AND l.role IS NOT 'component'"

    private static let installedModels = """
        SELECT o.model_id FROM civitai_lookups l JOIN model_versions o ON o.id = l.version_id WHERE \(isInstalledModel)
        """

    /// What CivitAI has that is newer than what is installed, the newest first. A model that is gone there, or
    /// whose files are, has nothing.
    ///
    /// - Parameter now: the time by which it is told whether an early access is over.
    package func updates(_ filter: UpdateFilter, now: String) throws -> [ModelUpdate] {
        var found: [(model: Int64, name: String, update: KnownVersions.Update)] = []
        var current: (id: Int64, name: String)?
        var versions = KnownVersions()
        func close() {
            guard let current else { return }
            found += versions.updates(includingOthers: filter.includesOtherBaseModels).map {
                (current.id, current.name, $0)
            }
        }
        // Model by model, so that no more than the versions of one is held.
        try connection.query(
            """
            SELECT m.id, m.name, v.id, v.name, v.published_at, v.base_model,
                v.gone_since IS NULL AND v.published_at IS NOT NULL AND coalesce(v.status, 'Published') = 'Published',
                EXISTS (SELECT 1 FROM civitai_lookups l INDEXED BY civitai_lookups_version
                        WHERE l.version_id = v.id AND \(Self.isInstalledModel)),
                v.early_access = 1 AND (v.early_access_ends_at IS NULL OR v.early_access_ends_at > ?)
            FROM models m CROSS JOIN model_versions v ON v.model_id = m.id
            WHERE v.base_model IS NOT NULL AND m.gone_since IS NULL AND m.mode IS NULL
                AND m.id IN (\(filter.models.map { numbers(Set($0)) } ?? Self.installedModels))
            ORDER BY m.id
            """, [.text(now)]
        ) { row in
            if current?.id != row.integer(0) {
                close()
                (current, versions) = ((row.integer(0), row.text(1)), KnownVersions())
            }
            versions.add(
                KnownVersions.Version(
                    mark: VersionMark(id: row.integer(2), name: row.text(3), publishedAt: row.textOrNil(4)),
                    baseModel: row.text(5), isPublished: row.boolean(6), isInstalled: row.boolean(7),
                    isEarlyAccess: row.boolean(8)))
        }
        close()
        found.sort { $0.update.latest.isNewer(than: $1.update.latest) }
        return try found.filter { try fits($0.update, filter) }.map { model, name, update in
            ModelUpdate(
                modelID: model, modelName: name, baseModel: update.latest.baseModel, installed: update.installed.mark,
                latest: update.latest.mark, otherBaseModels: update.otherBaseModels,
                isEarlyAccess: update.latest.isEarlyAccess)
        }
    }

    /// A file of a version that is installed.
    func installedFile(ofVersion id: Int64) throws -> (id: Int64, path: FilePath)? {
        try connection.firstRow(
            """
            SELECT f.id, f.file_path FROM civitai_lookups l JOIN local_files f ON f.content_id = l.content_id
            WHERE l.version_id = ? AND \(Self.isInstalledModel) AND f.root_id IS NOT NULL
            ORDER BY f.state = 'missing', f.file_path LIMIT 1
            """, [.integer(id)]
        ) { row in FilePath(bytes: row.bytes(1)).map { (id: row.integer(0), path: $0) } } ?? nil
    }

    private func fits(_ update: KnownVersions.Update, _ filter: UpdateFilter) throws -> Bool {
        if let wanted = filter.baseModel, update.latest.baseModel.lowercased() != wanted.lowercased() { return false }
        guard let type = filter.type else { return true }
        return try connection.firstRow(
            """
            SELECT 1 FROM civitai_lookups l JOIN local_files f ON f.content_id = l.content_id
            WHERE l.version_id = ? AND \(Self.isInstalledModel) AND f.root_id IS NOT NULL AND f.type = ? LIMIT 1
            """, [.integer(update.installed.mark.id), .text(type)]
        ) { _ in true } ?? false
    }
}
