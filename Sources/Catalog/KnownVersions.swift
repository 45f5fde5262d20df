/// The versions of one model, from which it is told what is newer than what is installed.
struct KnownVersions {
    struct Version: Hashable {
        let mark: VersionMark
        let baseModel: String
        let isPublished: Bool
        let isInstalled: Bool
        let isEarlyAccess: Bool

        /// An order in time, in which no two versions are equal; one of unknown age is the oldest.
        func isNewer(than other: Version) -> Bool {
            (mark.publishedAt ?? "", mark.id) > (other.mark.publishedAt ?? "", other.mark.id)
        }
    }

    /// A version that is newer than an installed one.
    struct Update: Hashable {
        let installed: Version
        let latest: Version
        let otherBaseModels: Int
    }

    private var newestInstalled: [String: Version] = [:]
    private var newestPublished: [String: Version] = [:]

    mutating func add(_ version: Version) {
        if version.isInstalled { Self.keepNewest(version, in: &newestInstalled) }
        if version.isPublished { Self.keepNewest(version, in: &newestPublished) }
    }

    /// For each base model of an installed version what is newer than the newest installed one of it.
    ///
    /// - Parameter includingOthers: also for base models of which none is installed, what is newer than all that is.
    func updates(includingOthers: Bool) -> [Update] {
        guard let newest = newestInstalled.values.max(by: { $1.isNewer(than: $0) }) else { return [] }
        let newer = newestPublished.values.filter { $0.isNewer(than: newest) }
        return newestPublished.values.compactMap { latest in
            let same = newestInstalled[latest.baseModel]
            guard let installed = same ?? (includingOthers ? newest : nil), latest.isNewer(than: installed) else {
                return nil
            }
            return Update(
                installed: installed, latest: latest,
                otherBaseModels: newer.count { $0.baseModel != latest.baseModel })
        }
    }

    private static func keepNewest(_ version: Version, in versions: inout [String: Version]) {
        if let known = versions[version.baseModel], known.isNewer(than: version) { return }
        versions[version.baseModel] = version
    }
}
