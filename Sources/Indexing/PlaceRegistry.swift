internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem

/// All places by their paths. A value without I/O.
struct PlaceRegistry: Sendable {
    private var places: [FilePath: Place] = [:]
    /// The places that are online, by the directories at their tops.
    var tops: [DirectoryIdentity: Place] = [:]
    private var lastNumber = 0
    /// Links that lead to nothing now; a new mount may be what they wait for.
    private(set) var danglingLinks: Set<FilePath> = []

    /// More dangling links than this are found again by the next rescan only.
    private static let danglingLimit = 10_000

    /// Every place, in bytewise order of the paths.
    var all: [Place] { places.values.sorted { $0.path < $1.path } }

    /// The place whose top is this path.
    func place(at path: FilePath) -> Place? { places[path] }

    /// The innermost place that holds a path.
    func place(holding path: FilePath) -> Place? {
        var next = path
        while true {
            if let place = places[next] { return place }
            if next == .root || next.parent == next { return nil }
            next = next.parent
        }
    }

    /// The places whose tops lie at a path or below it, in bytewise order.
    func places(within path: FilePath) -> [Place] { all.filter { $0.path.isWithin(path) } }

    /// The place at a path; a new one where there is none.
    mutating func place(at path: FilePath, kind: Place.Kind, of root: WatchedRoot) -> Place {
        if let place = places[path], place.root === root { return place }
        lastNumber += 1
        let place = Place(path: path, kind: kind, root: root, number: lastNumber)
        places[path] = place
        return place
    }

    mutating func remove(_ path: FilePath) {
        guard let place = places.removeValue(forKey: path) else { return }
        tops = tops.filter { $0.value !== place }
    }

    /// Removes the places below roots that are not covered any more, with those that are reached through them.
    mutating func removeInner(followsLinks: Bool, isExcluded: (Place) -> Bool) {
        var removed: [FilePath] = []
        for place in all where place.kind != .root {
            let isUncovered = (place.kind == .link && !followsLinks) || isExcluded(place)
            let isBehind = removed.contains { place.path.isWithin($0) && !place.root.path.isWithin($0) }
            guard isUncovered || isBehind else { continue }
            remove(place.path)
            removed.append(place.path)
        }
    }

    mutating func noteDangling(_ link: FilePath) {
        if danglingLinks.count < Self.danglingLimit { danglingLinks.insert(link) }
    }

    mutating func takeDanglingLinks() -> Set<FilePath> {
        defer { danglingLinks = [] }
        return danglingLinks
    }

    /// Goes by other roots: places of roots that stay are kept, unless another root has come between.
    mutating func setRoots(_ roots: [WatchedRoot]) {
        let rootTops = Dictionary(roots.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for (path, place) in places {
            var next = path
            while rootTops[next] == nil, next != .root, next.parent != next { next = next.parent }
            let isRootNow = rootTops[path] != nil
            if rootTops[next] !== place.root || isRootNow != (place.kind == .root) { remove(path) }
        }
        for root in roots { _ = place(at: root.path, kind: .root, of: root) }
    }
}
