internal import LinuxSystem

/// Files that were taken for complete although nobody was seen to close them, and how often their writers went on.
///
/// Bounded: of too many, those that settled longest ago are forgotten, and wait the shortest time again.
struct UnclosedWriters: Sendable {
    private struct Record: Sendable {
        let overtaken: Int
        let number: Int
    }

    /// More files than this are not remembered.
    static let limit = 4096

    private var records: [FilePath: Record] = [:]
    private var nextNumber = 0

    var count: Int { records.count }

    /// True for a file whose writer has, as far as is known, not closed it.
    func contains(_ path: FilePath) -> Bool { records[path] != nil }

    /// How often a writer that goes on now has overtaken its readers.
    func overtakenByNextWrite(_ path: FilePath) -> Int { records[path].map { min($0.overtaken, 15) + 1 } ?? 0 }

    /// Notes that a file was taken for complete without a close.
    mutating func insert(_ path: FilePath, overtaken: Int) {
        records[path] = Record(overtaken: overtaken, number: nextNumber)
        nextNumber += 1
        guard records.count > Self.limit else { return }
        // Half of them at once, so that the search for the oldest is rare.
        let oldest = records.values.map(\.number).sorted()[records.count / 2]
        records = records.filter { $0.value.number >= oldest }
    }

    /// The file was closed, or is another one now.
    mutating func remove(_ path: FilePath) { records[path] = nil }
}
