import Glibc
import LinuxSystem
import Logging
import TestSupport
import Testing

@testable import DirectoryWatching

/// What a walk told.
struct WalkRecord: TreeWalkVisitor {
    struct Listing: Hashable {
        let path: FilePath
        let names: [String]
    }

    var listings: [Listing] = []
    var files: [FilePath: FoundFile] = [:]
    var unreadable: [FilePath: SystemError] = [:]
    var failures: [FilePath: SystemError] = [:]
    var skips: Set<FilePath> = []
    /// Called when a directory was listed.
    var whenListed: (FilePath) -> Void = { _ in }
    /// The walk is cancelled after so many directories.
    var limit = Int.max

    var paths: [FilePath] { listings.map(\.path) }
    var isCancelled: Bool { listings.count >= limit }

    var boundaries: [FilePath: TreeBoundary] = [:]
    var listed: [ListedDirectory] = []

    mutating func listed(_ directory: ListedDirectory) {
        let path = directory.path
        listed.append(directory)
        listings.append(Listing(path: path, names: directory.files.map { escapedText($0.name) }))
        for file in directory.files { files[path.appending(file.name)] = file }
        for (name, error) in directory.unreadable { unreadable[path.appending(name)] = error }
        #expect((try? FileStatus.of(descriptor: directory.descriptor).kind) == .directory)
        whenListed(path)
    }

    var unwatched: Set<FilePath> = []

    mutating func leftUnwatched(_ path: FilePath) { unwatched.insert(path) }
    mutating func gotOn() {}
    mutating func reached(_ path: FilePath, _ boundary: TreeBoundary) { boundaries[path] = boundary }

    mutating func failed(_ path: FilePath, _ error: SystemError) { failures[path] = error }
    mutating func skipped(_ path: FilePath) { skips.insert(path) }
}

/// A watcher on a temporary directory, whose changes are awaited and never polled for.
final class WatcherFixture {
    /// What reached the consumer: changes, and the marks by which the test knows that all earlier events did.
    private enum Item: Sendable {
        case changes([DirectoryChange])
        case mark
    }

    let root: FilePath
    /// Beside the root, watched by nobody.
    let outside: FilePath
    let watcher: DirectoryWatcher
    let cookies: FilePath
    private let items: AsyncStream<Item>.Continuation
    private var iterator: AsyncStream<Item>.Iterator

    /// Names as the daemon has them, in short: model files, hidden and partial names, aria2's mark.
    static let names = WatchedNames(
        isReported: { $0.suffix(12) == Array(".safetensors".utf8) && $0.first != UInt8(ascii: ".") },
        isIgnored: { name in
            name.first == UInt8(ascii: ".") || name.suffix(5) == Array(".part".utf8)
                || name.suffix(6) == Array(".aria2".utf8)
        },
        marked: { $0.suffix(6) == Array(".aria2".utf8) ? Array($0.dropLast(6)) : nil })

    private static let hour: Int64 = 3_600_000_000_000

    /// - Parameter settle: nanoseconds; the default is never over while a test runs.
    init(
        _ directory: FilePath, settle: Int64, watchLimit: Int?, beforeConsuming: @escaping @Sendable () -> Void
    ) throws {
        (root, outside, cookies) = (
            directory.appending("root"), directory.appending("outside"), directory.appending("run")
        )
        for path in [root, outside, cookies] { try makeDirectory(path) }
        let (stream, continuation) = AsyncStream.makeStream(of: Item.self)
        (items, iterator) = (continuation, stream.makeAsyncIterator())
        var timing = ChangeSettling.Timing(settle: settle)
        // Nothing is told before a mark asks for it: how far events are apart is then all the same.
        (timing.gather, timing.departure, timing.busyDirectory) = (Self.hour, Self.hour, Self.hour)
        watcher = try DirectoryWatcher(
            names: Self.names, timing: timing, logger: .silent, watchLimit: watchLimit,
            consume: { changes in
                beforeConsuming()
                continuation.yield(.changes(changes))
            })
        try watcher.useCookieDirectory(cookies)
        try watcher.start()
    }

    /// Walks below the root or another directory, as the daemon does at its start and after `.directory`; then what
    /// begins there behind links, but for what leads back into the root.
    @discardableResult
    func walk(
        _ path: FilePath? = nil, recursive: Bool = true, followsLinks: Bool = true, usesEvents: Bool = true,
        visitor: WalkRecord = WalkRecord(), isPlace: @escaping @Sendable (FilePath) -> Bool = { _ in false },
        isInsideRoots: (@Sendable (FilePath) -> Bool)? = nil
    ) -> WalkRecord {
        let path = path ?? root
        let root = root
        var rules = TreeWalkRules(names: Self.names)
        rules.followsLinks = followsLinks
        rules.usesEvents = usesEvents
        rules.isPlace = isPlace
        let walker = TreeWalker(watcher: watcher, rules: rules)
        var visitor = visitor
        if path == root && recursive {
            walker.walkPlace(path, realPath: Self.realPath(path), visitor: &visitor)
        } else {
            walker.walk(
                path, realPath: Self.realPath(path.parent).appending(path.name), recursive: recursive, visitor: &visitor
            )
        }
        let isInside = isInsideRoots ?? { $0.isWithin(Self.realPath(root)) }
        var walked: Set<FilePath> = []
        while let link = visitor.boundaries.filter({ $0.value == .link }).keys.filter({ !walked.contains($0) }).min() {
            walked.insert(link)
            let real = Self.realPath(link)
            if isInside(real) {
                visitor.skipped(link)
            } else {
                walker.walkPlace(link, realPath: real, visitor: &visitor)
            }
        }
        return visitor
    }

    /// A path without links; the path itself where it leads nowhere.
    static func realPath(_ path: FilePath) -> FilePath {
        guard let descriptor = try? FileDescriptor.open(path, pathOnlyFlag) else { return path }
        return LinuxSystem.realPath(ofDescriptor: descriptor.number) ?? path
    }

    /// Every change that follows from what was done before this call.
    func changes() async throws -> [DirectoryChange] {
        try watcher.afterEarlierEvents(cookieDirectory: cookies) { [items] in items.yield(.mark) }
        var changes: [DirectoryChange] = []
        while let item = await iterator.next() {
            switch item {
            case .changes(let more): changes += more
            case .mark: return changes
            }
        }
        Issue.record("the watcher did not answer")
        return changes
    }

    /// Changes up to one that fulfils the condition.
    func changes(until isLast: (DirectoryChange) -> Bool) async -> [DirectoryChange] {
        var changes: [DirectoryChange] = []
        while let item = await iterator.next() {
            guard case .changes(let more) = item else { continue }
            changes += more
            if more.contains(where: isLast) { return changes }
        }
        Issue.record("the change did not come")
        return changes
    }

    /// Does what the changes ask for until nothing is left, as the daemon does: the files that were found or named.
    func index(_ known: Set<FilePath> = [], whenListed: @escaping (FilePath) -> Void = { _ in }) async throws -> Set<
        FilePath
    > {
        var found = known
        var changes = try await changes()
        while !changes.isEmpty {
            for change in changes {
                switch change {
                case .directory(let path, let recursive):
                    var visitor = WalkRecord()
                    visitor.whenListed = whenListed
                    let record = walk(path, recursive: recursive, visitor: visitor)
                    found = found.filter { recursive ? !$0.isWithin(path) : $0.parent != path }.union(record.files.keys)
                case .file(let path, _):
                    let isThere = (try? FileStatus.of(path).kind) == .regular
                    if isThere { found.insert(path) } else { found.remove(path) }
                case .eventsLost: found = Set(walk().files.keys)
                case .due: break
                }
            }
            changes = try await self.changes()
        }
        return found
    }
}

/// Runs `body` with a started watcher that watches nothing yet.
func withWatcher(
    settle: Int64 = 3_600_000_000_000, watchLimit: Int? = nil, beforeConsuming: @escaping @Sendable () -> Void = {},
    _ body: (WatcherFixture) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let fixture = try WatcherFixture(
            directory, settle: settle, watchLimit: watchLimit, beforeConsuming: beforeConsuming)
        defer { fixture.watcher.stop() }
        try await body(fixture)
    }
}

/// Opens a file for writing, makes it where it is missing.
func openForWriting(_ path: FilePath) throws -> FileDescriptor {
    try FileDescriptor.open(path, O_WRONLY | O_CREAT, mode: 0o644)
}
