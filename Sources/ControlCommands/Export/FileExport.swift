internal import APIClient
internal import FoundationEssentials
internal import IndexAPI

/// Carries all that is known of every file from the daemon to where it is written, without ever holding it as a whole.
struct FileExport {
    let run: CommandRun
    let sink: any OutputSink
    /// True when somebody sees what is written as it is.
    let isTerminal: Bool

    /// Writes the API's answer as it comes and returns the number of files; nil when it is not wanted to its end.
    func json() throws -> Int? {
        let progress = progress()
        defer { progress?.line.clear() }
        var count = 0
        var last: UInt8?
        var isWanted = true
        let total = try run.completeAnswer { hasBegun in
            try run.client.filesBody(filter, onFile: { count += 1 }) { bytes in
                hasBegun = true
                last = bytes.last ?? last
                progress?.line.update(done: Int64(count), of: progress?.total ?? 0)
                isWanted = sink.write(bytes)
                return isWanted
            }
        }
        guard isWanted else { return nil }
        guard let total = total ?? nil else {
            throw CommandFailure(
                message: "The daemon's answer was not understood: it does not tell its number of files.")
        }
        if last != UInt8(ascii: "\n") { _ = sink.write([UInt8(ascii: "\n")]) }
        return try complete(count, total)
    }

    /// Writes a record for each file and returns their number; nil when it is not wanted to its end.
    func table() throws -> Int? {
        let progress = progress()
        defer { progress?.line.clear() }
        guard sink.write(CSVLine.bytes(FileColumn.all.map(\.name))) else { return nil }
        var count = 0
        let total = try run.completeAnswer { hasBegun in
            try run.client.eachFile(filter, onBegin: { hasBegun = true }) { file in
                count += 1
                progress?.line.update(done: Int64(count), of: progress?.total ?? 0)
                let cells = FileColumn.all.map { $0.cell(file) }
                return sink.write(CSVLine.bytes(isTerminal ? cells.map { $0.map(displayed) } : cells))
            }
        }
        guard let total else { return nil }
        return try complete(count, total)
    }

    private var filter: FileFilter {
        var filter = FileFilter()
        filter.hasDetails = true
        return filter
    }

    private func complete(_ count: Int, _ total: Int) throws -> Int {
        guard count == total else {
            throw CommandFailure(message: "The export ended after \(count) of \(countText(total, "file", "files")).")
        }
        return count
    }

    /// A line that tells how far it is, where somebody sees it and it does not mix with what is written.
    private func progress() -> (line: TransferProgress, total: Int64)? {
        guard run.context.progressWidth != nil, !isTerminal else { return nil }
        var filter = FileFilter()
        filter.limit = 0
        guard let total = try? run.client.files(filter).value.total else { return nil }
        return (TransferProgress(run: run, unit: .files), Int64(total))
    }
}
