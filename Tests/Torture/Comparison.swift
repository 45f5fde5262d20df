import IndexAPI
import LinuxSystem
import TestSupport

/// The comparison of the index with a plain walk.
struct Comparison {
    /// Digests that files had when nobody was writing to them; no other may ever be answered.
    let complete: Set<String>
    /// Inodes of files that somebody holds open for writing.
    let heldInodes: Set<UInt64>
    /// Files that were begun beside a mark and are not complete.
    let begun: Set<FileIdentity>

    /// False where partial contents are read if only a lease could have told that somebody is writing.
    let expectsLeases: Bool

    /// Why a file need not be read yet.
    enum Excuse { case held, begun, marked, cutShort }

    /// What is excused for a file; nil for one whose digest has to be there.
    func excuse(for file: PlainWalk.File) -> Excuse? {
        if heldInodes.contains(file.status.inode) { return .held }
        if let age = file.markAge {
            // After a minute it counts as given up.
            return begun.contains(FileIdentity(file.status)) && age < 50 ? .begun : .marked
        }
        return FileContents.isCutShort(start: file.start, size: file.status.size) ? .cutShort : nil
    }

    /// What is wrong, a line each; empty when all is well.
    func differences(
        walk: PlainWalk, indexed: [FilePath: FileObject], digests: [FilePath: String]
    ) -> [String] {
        var lines: [String] = []
        let others = walk.inodesWithOtherNames
        for (path, file) in walk.files.sorted(by: { $0.key < $1.key }) {
            guard let row = indexed[path] else {
                lines.append("not in the index: \(path)")
                continue
            }
            // Only the next scan can know.
            if others.contains(file.status.inode) { continue }
            if let problem = problem(with: row, file, digest: digests[path]) { lines.append("\(problem): \(path)") }
        }
        for (path, row) in indexed.sorted(by: { $0.key < $1.key }) where walk.files[path] == nil {
            lines.append("in the index (\(row.state)) and not there: \(path)")
        }
        return lines
    }

    private func problem(with row: FileObject, _ file: PlainWalk.File, digest: String?) -> String? {
        if let excuse = excuse(for: file) {
            guard let given = row.sha256 else { return nil }
            let isAllowed =
                complete.contains(given) || (excuse == .held && !expectsLeases)
                || (given == digest && (excuse == .marked || excuse == .cutShort))
                || (row.size == 0 && given == Self.emptyDigest)
            return isAllowed ? nil : "digest \(given) of no complete content (\(excuse))"
        }
        if row.size != file.status.size { return "size \(row.size), not \(file.status.size)" }
        if row.state != "indexed" { return "state \(row.state) (\(row.error ?? "no error"))" }
        if row.sha256 != digest { return "digest \(row.sha256 ?? "none"), not \(digest ?? "none")" }
        return nil
    }

    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}

/// Which file it is, whatever its names: inode numbers alone are used again.
struct FileIdentity: Hashable {
    private let inode: UInt64
    private let born: Int64?

    init(_ status: FileStatus) {
        inode = status.inode
        born = status.born
    }
}
