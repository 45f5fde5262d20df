internal import Catalog
internal import LinuxSystem

/// Where files can be read now.
struct ReadablePlaces: Sendable {
    /// Roots that are online, by their numbers.
    let roots: Set<Int64>
    /// Places inside of them that are not.
    let offline: [FilePath]
}

extension Indexer {
    var readablePlaces: ReadablePlaces {
        let places = places
        let offlineRoots = Set(places.filter { $0.kind == .root && !$0.condition.isOnline }.map(\.root.id))
        return ReadablePlaces(
            roots: Set(roots.map(\.id)).subtracting(offlineRoots),
            offline: places.filter { $0.kind != .root && !$0.condition.isOnline }.map(\.path))
    }
}
