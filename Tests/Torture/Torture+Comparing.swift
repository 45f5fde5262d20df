import Glibc
import IndexAPI
import LinuxSystem
import TestSupport

extension Torture {
    /// Waits for the index and compares it with the files.
    ///
    /// - Parameter isQuiet: everything that is unfinished is finished before, so that nothing is excused.
    func check(isQuiet: Bool) throws {
        try bringBack()
        if isQuiet { try finishEverything() }
        try daemon.sync(hashed: false)
        var (differences, hasExcuses) = try compare(isFirst: true)
        // Where files are excused, there is no end of hashing to wait for. The hashing threads have what other programs
        // leave them: on a busy machine the last file may take long, and only standing still is a fault.
        var deadline = MonotonicTime.now.advanced(milliseconds: TortureDaemon.patienceMilliseconds)
        while !differences.isEmpty, hasExcuses, MonotonicTime.now < deadline {
            usleep(50_000)
            let before = differences
            (differences, hasExcuses) = try compare(isFirst: false)
            if differences != before {
                deadline = MonotonicTime.now.advanced(milliseconds: TortureDaemon.patienceMilliseconds)
            }
        }
        if !mustBeMissing.isEmpty, differences.isEmpty {
            let missing = try daemon.missingFiles()
            differences = mustBeMissing.filter { missing[$0] == nil && lastSeen[$0] == nil }.sorted().map {
                "forgotten, and not only missing: \($0)"
            }
        }
        mustBeMissing = []
        guard differences.isEmpty else {
            throw TestFailure("index and files differ:\n  " + differences.prefix(20).joined(separator: "\n  "))
        }
        comparisons += 1
        journal = []
    }

    /// What differs, and whether files are unfinished so that their digests may be missing.
    private func compare(isFirst: Bool) throws -> (differences: [String], hasExcuses: Bool) {
        let comparison = Comparison(
            complete: complete, heldInodes: Set(writers.map(\.inode)), begun: begun,
            expectsLeases: options.groups.contains(.leases))
        var indexed = try daemon.presentFiles()
        let walk = try PlainWalk(roots: configuredRoots, indexed: Set(indexed.keys))
        let hasExcuses = walk.files.values.contains { comparison.excuse(for: $0) != nil }
        if isFirst, !hasExcuses {
            try daemon.sync(hashed: true)
            indexed = try daemon.presentFiles()
        }
        let digests = try checksums.digests(of: walk.files.keys.sorted())
        let differences = comparison.differences(walk: walk, indexed: indexed, digests: digests)
        guard differences.isEmpty else { return (differences, hasExcuses) }
        for (path, file) in walk.files where comparison.excuse(for: file) == nil {
            if let digest = digests[path] { complete.insert(digest) }
        }
        lastSeen = walk.files.mapValues(\.status.inode)
        comparedFiles += walk.files.count
        return ([], hasExcuses)
    }

    private func finishEverything() throws {
        writers = []
        let directories = playground.roots + [playground.attic] + playground.linkTargets
        for path in playground.contents(of: directories).files where path.name.suffix(6).elementsEqual(".aria2".utf8) {
            removeFile(path)
        }
        begun = []
        for path in playground.contents(of: directories).files {
            let status = try FileStatus.of(path)
            let start = try FileDescriptor.open(path, O_RDONLY).read(upTo: 512, at: 0, shown: path)
            if FileContents.isCutShort(start: start, size: status.size) {
                try writeFile(path, FileContents.unreadable(Int(status.size) + 16, &generator))
            }
        }
        note("everything is finished")
    }

    /// Remembers the digest of a file that is complete now and will not be soon.
    func noteComplete(_ path: FilePath) throws {
        if let digest = try checksums.digests(of: [path])[path] { complete.insert(digest) }
    }
}
