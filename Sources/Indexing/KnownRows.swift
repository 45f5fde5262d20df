internal import Catalog
internal import LinuxSystem

/// What the catalogue has for the folders of a walk, read ahead in the order in which walks mostly go.
struct KnownRows {
    private let catalog: ModelCatalog
    private let root: Int64
    private var window: [FolderRows] = []
    /// Where in the window the folder of the last question stands.
    private var position = 0

    /// Rows that are read at once, and so about what is held in memory.
    private static let windowSize = 2048

    init(catalog: ModelCatalog, root: Int64) {
        self.catalog = catalog
        self.root = root
    }

    /// The rows of a folder in bytewise order of their names, as they were a short while ago at least.
    mutating func rows(inFolder folder: [UInt8]) throws -> [FileRow] {
        if let index = find(folder) {
            position = index
            return window[index].rows
        }
        if let first = window.first, let last = window.last, precedes(first.folder, folder),
            precedes(folder, last.folder)
        {
            // The window covers this part of the order and has no such folder.
            return []
        }
        let catalog = catalog
        let root = root
        window = try catalog.read { try $0.folders(ofRoot: root, from: folder, limit: Self.windowSize) }
        position = 0
        return window.first?.rows ?? []
    }

    /// Forgets what was read ahead: the catalogue has changed.
    mutating func invalidate() {
        window = []
        position = 0
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
