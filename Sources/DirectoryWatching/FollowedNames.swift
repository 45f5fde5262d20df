internal import LinuxSystem

/// What a followed name stands for.
package enum FollowedKind: Hashable, Sendable {
    /// The file that a link of the index leads to: its events are events of the subject.
    case file
    /// A step on the way to a directory that is absent: whatever happens to it, the subject is listed again.
    case directory
}

/// Names in directories whose events are also events of something else: of links that lead there, of roots to come.
///
/// A value without I/O; its size is proportional to the names that are followed.
struct FollowedNames: Sendable {
    /// Subjects and what the name is to each of them.
    typealias Interests = [FilePath: FollowedKind]

    private struct Directory: Sendable {
        let identity: DirectoryIdentity
        var names: [[UInt8]: Interests] = [:]
    }

    private struct Place: Hashable, Sendable {
        let watch: Int32
        let name: [UInt8]
    }

    private var directories: [Int32: Directory] = [:]
    private var watchOfIdentity: [DirectoryIdentity: Int32] = [:]
    private var placesOfSubject: [FilePath: Set<Place>] = [:]

    /// Watches of directories with followed names.
    var watches: some Collection<Int32> { directories.keys }

    /// Links to files whose targets are followed.
    var files: Set<FilePath> {
        var files: Set<FilePath> = []
        for directory in directories.values {
            for interests in directory.names.values {
                for (subject, kind) in interests where kind == .file { files.insert(subject) }
            }
        }
        return files
    }

    /// Subjects that names are followed for.
    var subjectCount: Int { placesOfSubject.count }

    /// True while a name in the directory of this watch is followed.
    func contains(watch: Int32) -> Bool { directories[watch] != nil }

    /// The watch of a directory with followed names.
    func watch(of identity: DirectoryIdentity) -> Int32? { watchOfIdentity[identity] }

    /// Who wants to know of a name in the directory of a watch.
    func interests(watch: Int32, name: [UInt8]) -> Interests { directories[watch]?.names[name] ?? [:] }

    /// Who wants to know of any name in the directory of a watch.
    func interests(watch: Int32) -> Interests {
        var all: Interests = [:]
        for interests in (directories[watch]?.names ?? [:]).values {
            all.merge(interests) { first, second in first == .directory ? first : second }
        }
        return all
    }

    /// Follows a name in a directory for a subject, in addition to those that it has.
    mutating func insert(
        _ name: [UInt8], watch: Int32, identity: DirectoryIdentity, subject: FilePath, kind: FollowedKind
    ) {
        directories[watch, default: Directory(identity: identity)].names[name, default: [:]][subject] = kind
        watchOfIdentity[identity] = watch
        placesOfSubject[subject, default: []].insert(Place(watch: watch, name: name))
    }

    /// Follows nothing for a subject any more; the watches that then cover no followed name.
    mutating func remove(_ subject: FilePath) -> [Int32] {
        var orphans: [Int32] = []
        for place in placesOfSubject.removeValue(forKey: subject) ?? [] {
            directories[place.watch]?.names[place.name]?[subject] = nil
            if directories[place.watch]?.names[place.name]?.isEmpty == true {
                directories[place.watch]?.names[place.name] = nil
            }
            if directories[place.watch]?.names.isEmpty == true {
                removeDirectory(place.watch)
                orphans.append(place.watch)
            }
        }
        return orphans
    }

    /// Follows nothing for subjects at or below a path any more; the watches that then cover no followed name.
    mutating func remove(below path: FilePath) -> [Int32] {
        placesOfSubject.keys.filter { $0.isWithin(path) }.flatMap { remove($0) }
    }

    /// The kernel has ended a watch: what it stood for is not followed any more.
    mutating func watchEnded(_ watch: Int32) {
        for (name, interests) in directories[watch]?.names ?? [:] {
            for subject in interests.keys {
                placesOfSubject[subject]?.remove(Place(watch: watch, name: name))
                if placesOfSubject[subject]?.isEmpty == true { placesOfSubject[subject] = nil }
            }
        }
        removeDirectory(watch)
    }

    private mutating func removeDirectory(_ watch: Int32) {
        guard let directory = directories.removeValue(forKey: watch) else { return }
        if watchOfIdentity[directory.identity] == watch { watchOfIdentity[directory.identity] = nil }
    }
}
