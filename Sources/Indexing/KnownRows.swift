internal import Catalog
internal import LinuxSystem

/// What the catalogue has for the folders of a walk, read ahead in the order in which walks mostly go.
struct KnownRows {
    private let catalog: ModelCatalog
    private let root: Int64
    private var window: [FolderRows] = []
    /// Where in the window the folder of the last question stands.
    private var position = 0

    /// The window that follows, which another thread reads while this one walks.
    private var next: (folder: [UInt8], rows: () throws -> [FolderRows])?
    /// True for walks, which go on beyond a window; looks at single directories mostly do not.
    private let readsAhead: Bool

    /// Rows that are read at once; about as many again are held in the window that follows.
    private static let windowSize = 2048

    init(catalog: ModelCatalog, root: Int64, readsAhead: Bool) {
        self.catalog = catalog
        self.root = root
        self.readsAhead = readsAhead
    }

    /// The rows of a folder in bytewise order of their names, as they were a short while ago at least.
    mutating func rows(inFolder folder: [UInt8]) throws -> [FileRow] {
        if let rows = rowsInWindow(folder) { return rows }
        if let next, !precedes(folder, next.folder) {
            show(try next.rows())
            if let rows = rowsInWindow(folder) { return rows }
        }
        let (catalog, root) = (catalog, root)
        show(try catalog.read { try $0.folders(ofRoot: root, from: folder, limit: Self.windowSize) })
        return window.first?.rows ?? []
    }

    /// Forgets what was read ahead: the catalogue has changed.
    mutating func invalidate() {
        window = []
        position = 0
        next = nil
    }

    /// Makes these folders the window and has those that follow them read.
    private mutating func show(_ folders: [FolderRows]) {
        window = folders
        position = 0
        next = nil
        guard readsAhead, let last = folders.last, folders.count > 1 || !last.rows.isEmpty else { return }
        // No name holds a NUL, so nothing comes between the two.
        let following = last.folder + [0]
        let root = root
        next = (
            following, catalog.beginRead { try $0.folders(ofRoot: root, from: following, limit: Self.windowSize) }
        )
    }

    /// The rows of a folder; nil when it may have some that are not in the window.
    private mutating func rowsInWindow(_ folder: [UInt8]) -> [FileRow]? {
        if let index = find(folder) {
            position = index
            return window[index].rows
        }
        // The window may cover this part of the order and have no such folder.
        guard let first = window.first, let last = window.last else { return nil }
        return precedes(first.folder, folder) && precedes(folder, last.folder) ? [] : nil
    }

    /// Walks ask for one folder after the other, so the next one is tried first.
    private func find(_ folder: [UInt8]) -> Int? {
        for index in position..<min(position + 2, window.count) where window[index].folder == folder { return index }
        var (low, high) = (0, window.count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(window[middle].folder, folder) { low = middle + 1 } else { high = middle }
        }
        return low < window.count && window[low].folder == folder ? low : nil
    }
}
