internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import LinuxSystem
internal import Synchronization

extension APIRequestHandler {
    /// `GET duplicates`: which contents there are several of is found out here, which may take long; their files are
    /// looked up while they are sent.
    func duplicates() throws -> HTTPResponse {
        let catalog = index.catalog
        let (groups, weights) = try catalog.read {
            (try $0.duplicateContents(), try $0.contentsWithSameWeights())
        }
        let pages = DuplicatePages(catalog: catalog, groups: groups, weights: weights)
        return HTTPResponse(
            headers: Self.jsonHeaders, body: try .produced(threadName: "api-answer") { try pages.next() })
    }
}

/// The answer in pieces of bounded size, however many files have the same content. Used by one response, on its
/// own thread.
private final class DuplicatePages: Sendable {
    private enum List: Sendable {
        case groups, weights
    }

    /// An element whose files did not fit in one piece.
    private struct Element: Sendable {
        let content: Int64
        /// The last file that was written.
        var after: FilePath
        /// What follows the files.
        let end: [UInt8]
    }

    private struct Position: Sendable {
        /// Nil when all is written.
        var list: List? = .groups
        /// The place in the list.
        var next = 0
        var element: Element?
        var hasBegun = false
        /// True when the list has an element, so that a comma has to precede the next one.
        var hasElements = false
        var wasted: Int64 = 0
    }

    /// Files in one piece.
    private static let pageSize = 500

    private let catalog: ModelCatalog
    private let groups: [Int64]
    private let weights: [Int64]
    private let position = Mutex(Position())

    init(catalog: ModelCatalog, groups: [Int64], weights: [Int64]) {
        self.catalog = catalog
        self.groups = groups
        self.weights = weights
    }

    /// The next piece; nil at the end.
    func next() throws -> [UInt8]? {
        try position.withLock { position in
            guard position.list != nil else { return nil }
            var bytes: [UInt8] = []
            if !position.hasBegun { bytes += Array(#"{"groups":["#.utf8) }
            position.hasBegun = true
            try catalog.read { reader in
                var room = Self.pageSize
                while room > 0, let list = position.list {
                    room -= try write(list, &position, into: &bytes, limit: room, reader)
                }
            }
            return bytes
        }
    }

    /// Goes on with the element that is begun, begins the next one, or ends the list.
    ///
    /// - Returns: how much work that was, in files.
    private func write(
        _ list: List, _ position: inout Position, into bytes: inout [UInt8], limit: Int, _ reader: CatalogReader
    ) throws -> Int {
        if var element = position.element {
            let files = try files(list, element.content, after: element.after, limit: limit, reader)
            for file in files { bytes += [UInt8(ascii: ",")] + file.json }
            element.after = files.last?.path ?? element.after
            position.element = files.count < limit ? nil : element
            if position.element == nil { bytes += element.end }
            return max(1, files.count)
        }
        let contents = list == .groups ? groups : weights
        guard position.next < contents.count else {
            finish(list, &position, into: &bytes)
            return 1
        }
        let content = contents[position.next]
        position.next += 1
        // What was there twice when it was asked for may be there once by now.
        let limit = max(2, limit)
        guard let frame = try frame(list, content, reader) else { return 1 }
        let files = try files(list, content, after: nil, limit: limit, reader)
        guard files.count > 1, let last = files.last else { return 1 }
        if position.hasElements { bytes.append(UInt8(ascii: ",")) }
        position.hasElements = true
        let (wasted, overflow) = position.wasted.addingReportingOverflow(frame.wasted)
        position.wasted = overflow ? .max : wasted
        bytes += frame.start + files.map(\.json).joined(separator: [UInt8(ascii: ",")])
        if files.count < limit {
            bytes += frame.end
        } else {
            position.element = Element(content: content, after: last.path, end: frame.end)
        }
        return files.count
    }

    private func finish(_ list: List, _ position: inout Position, into bytes: inout [UInt8]) {
        switch list {
        case .groups:
            (position.list, position.next, position.hasElements) = (.weights, 0, false)
            bytes += Array(#"],"same_weights":["#.utf8)
        case .weights:
            position.list = nil
            bytes += Array(#"],"wasted_bytes":\#(position.wasted)}"#.utf8)
        }
    }

    /// What stands around the files of an element; nil for one that is none any more.
    private func frame(
        _ list: List, _ content: Int64, _ reader: CatalogReader
    ) throws -> (start: [UInt8], end: [UInt8], wasted: Int64)? {
        switch list {
        case .groups:
            guard let group = try reader.duplicate(ofContent: content) else { return nil }
            let rest = #"],"sha256":"\#(group.sha256)","size":\#(group.size),"wasted_bytes":\#(group.wasted)}"#
            return (Array(#"{"files":["#.utf8), Array(rest.utf8), group.wasted)
        case .weights:
            guard let digits = try reader.autoV3(ofContent: content) else { return nil }
            return (Array(#"{"autov3":"\#(digits)","files":["#.utf8), Array("]}".utf8), 0)
        }
    }

    private func files(
        _ list: List, _ content: Int64, after: FilePath?, limit: Int, _ reader: CatalogReader
    ) throws -> [(path: FilePath, json: [UInt8])] {
        switch list {
        case .groups:
            try reader.duplicateFiles(ofContent: content, after: after, limit: limit).map {
                ($0.path, try WireJSON.encode(DuplicateGroup.Member($0)))
            }
        case .weights:
            try reader.filesWithSameWeights(asContent: content, after: after, limit: limit).map {
                ($0, try WireJSON.encode($0.description))
            }
        }
    }
}

extension DuplicateGroup.Member {
    fileprivate init(_ file: DuplicateFile) {
        self.init(
            path: file.path.description, pathBase64: file.path.base64UnlessUTF8,
            device: Self.statDevice(file.device), inode: file.inode, symlink: file.isSymbolicLink)
    }

    /// A device as stat(2) tells it, from its two numbers (makedev(3)).
    private static func statDevice(_ device: UInt64) -> Int64 {
        let (major, minor) = (device >> 32, device & 0xFFFF_FFFF)
        return Int64(
            bitPattern: (major & 0xFFFF_F000) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFF_FF00) << 12 | minor & 0xFF)
    }
}
