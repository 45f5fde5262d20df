import LinuxSystem
import Testing

@testable import Catalog
@testable import Indexing

/// What status makes of what is being read.
@Suite struct StatusTests {
    @Test(arguments: [(false, "1 to hash (30 MB)"), (true, "1 to hash (10 MB)")])
    func onlyFirstReadingsGetOnWithWhatIsPending(isFirst: Bool, part: String) {
        #expect(status(pending: 30_000_000, [reading(20_000_000, isFirst)]).summary.contains(part))
    }

    @Test func hugeFilesLeaveNothingLess() {
        let status = status(pending: .max, [reading(.max, true), reading(.max, true)])
        #expect(status.summary.contains("1 to hash (0 MB)"))
    }

    private func reading(_ bytes: Int64, _ isFirst: Bool) -> IndexerStatus.Reading {
        .init(id: 1, path: FilePath("/m/a"), bytesDone: bytes, size: bytes, isFirst: isFirst)
    }

    private func status(pending bytes: Int64, _ reading: [IndexerStatus.Reading]) -> IndexerStatus {
        var counts = StateCounts()
        (counts.pending, counts.pendingBytes) = (1, bytes)
        var hashing = IndexerStatus.Hashing()
        hashing.reading = reading
        let root = IndexerStatus.Root(
            record: RootRecord(id: 1, path: FilePath("/m"), type: nil), isOnline: true, watch: .inotify, directories: 1,
            polledDirectories: 0, files: 1, message: nil)
        return IndexerStatus(
            state: .ready, roots: [root], offlinePlaces: [], counts: counts, hashing: hashing, queueDepth: 0,
            queueCapacity: 1, databaseMessage: nil, lastScan: nil)
    }
}
