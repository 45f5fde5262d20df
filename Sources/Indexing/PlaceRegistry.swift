internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem

/// All places by their paths. A value without I/O.
struct PlaceRegistry: Sendable {
    private var places: [FilePath: Place] = [:]
    private var placesByNumber: [Int: Place] = [:]
    /// Every place, in bytewise order of the paths.
    private(set) var all: [Place] = []
    /// The places that are online, by the directories at their tops; and by their paths without links, with those that
    /// are in doubt.
    private var tops: [DirectoryIdentity: Place] = [:]
    private var realPaths: [FilePath: [Place]] = [:]
    private var lastNumber = 0
    /// Directories with links that lead nowhere or onto another drive; a new mount may be what they wait for.
    private var linkDirectories: Set<FilePath> = []

    /// More directories than this are found again by the next rescan only.
    private static let linkDirectoryLimit = 10_000

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
    func places(within path: FilePath) -> [Place] {
        guard path != .root else { return all }
        // What lies below is one after the other: "/" is followed by "0" in ASCII.
        let slash = UInt8(ascii: "/")
        let below = all[position(of: path.bytes + [slash])..<position(of: path.bytes + [slash + 1])]
        return (places[path].map { [$0] } ?? []) + below
    }

    /// Where in `all` a place with this path stands or would stand.
    private func position(of path: [UInt8]) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(all[middle].path.bytes, path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The place with this number; nil when there is none any more.
    func place(number: Int) -> Place? { placesByNumber[number] }

    // MARK: - Places that are online

    /// The place whose top is this directory.
    func place(with identity: DirectoryIdentity) -> Place? { tops[identity] }

    /// The places, online or in doubt, whose tops lie at a path without links, or above it.
    func places(around realPath: FilePath) -> [Place] {
        var found: [Place] = []
        var next = realPath
        while true {
            found += realPaths[next] ?? []
            if next == .root || next.parent == next { return found }
            next = next.parent
        }
    }

    /// A place is online, at this directory.
    mutating func noteOnline(_ place: Place, _ identity: DirectoryIdentity, _ realPath: FilePath) {
        noteOffline(place)
        tops[identity] = place
        realPaths[realPath, default: []].append(place)
    }

    /// A place may be online soon, at this path without links.
    mutating func noteDoubted(_ place: Place, _ realPath: FilePath) {
        noteOffline(place)
        realPaths[realPath, default: []].append(place)
    }

    /// A place is not online, or is another directory from now on. Call it before its condition changes.
    mutating func noteOffline(_ place: Place) {
        let condition = place.condition
        if let identity = condition.identity, tops[identity] === place { tops[identity] = nil }
        guard let realPath = condition.realPath else { return }
        realPaths[realPath]?.removeAll { $0 === place }
        if realPaths[realPath]?.isEmpty == true { realPaths[realPath] = nil }
    }

    /// The place at a path; a new one where there is none.
    mutating func place(at path: FilePath, kind: Place.Kind, of root: WatchedRoot) -> Place {
        if let place = places[path], place.root === root { return place }
        remove(path)
        lastNumber += 1
        let place = Place(path: path, kind: kind, root: root, number: lastNumber)
        places[path] = place
        placesByNumber[place.number] = place
        all.insert(place, at: position(of: path.bytes))
        return place
    }

    mutating func remove(_ path: FilePath) {
        guard let place = places.removeValue(forKey: path) else { return }
        noteOffline(place)
        placesByNumber[place.number] = nil
        all.remove(at: position(of: path.bytes))
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

    /// A directory has links that lead nowhere, or onto another drive, which may not have answered.
    mutating func noteLinks(in directory: FilePath) {
        if linkDirectories.count < Self.linkDirectoryLimit { linkDirectories.insert(directory) }
    }

    /// The directories whose links may lead somewhere else, now that something else is mounted.
    mutating func takeLinkDirectories() -> Set<FilePath> {
        defer { linkDirectories = [] }
        return linkDirectories
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
