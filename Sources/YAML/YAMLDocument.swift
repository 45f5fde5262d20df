/// Reads one YAML document into a tree of nodes, within fixed bounds.
package struct YAMLDocument: ~Copyable {
    /// The longest document that is read, in bytes.
    package static let sizeLimit = 1 << 20
    /// The deepest nesting, aliases counted as what they stand for: also bounds the recursion of every reader.
    package static let depthLimit = 64
    /// The most nodes, aliases counted as what they stand for, so that a few lines cannot become billions.
    package static let nodeLimit = 500_000

    private struct Subtree {
        var node: YAMLNode
        var height: Int
        var count: Int
    }

    private var reader: YAMLEventReader
    private var anchors: [String: Subtree] = [:]
    private var count = 0

    /// The root of the document in `bytes`, nil when there is none (an empty file, only comments).
    ///
    /// Throws for what libyaml refuses, for more than one document, for an alias to nothing or to a node around it,
    /// and for a document beyond one of the limits.
    package static func parse(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
        guard bytes.count <= sizeLimit else {
            throw YAMLError(line: 1, column: 1, message: "the file is larger than \(sizeLimit) bytes")
        }
        // libyaml would count the mark as a column, which indents the first line (YAML 1.2.2 section 5.2).
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var document = YAMLDocument(reader: try YAMLEventReader(text))
        return try document.root()
    }

    private init(reader: consuming YAMLEventReader) { self.reader = reader }

    private mutating func root() throws(YAMLError) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try reader.next()
            switch event.kind {
            case .streamEnd: return root
            case .documentStart:
                guard root == nil else { throw error(event, "only one document is allowed in the file") }
                root = try subtree(try reader.next(), depth: 1).node
            default: break
            }
        }
    }

    private mutating func subtree(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Subtree {
        guard depth <= Self.depthLimit else { throw tooDeep(event) }
        // From here the name means this node, which an alias inside it cannot stand for.
        if let anchor = event.anchor { anchors[anchor] = nil }
        var result: Subtree
        switch event.kind {
        case .alias(let name): return try resolve(name, event, depth: depth)
        case .scalar(let scalar): result = Subtree(node: node(.scalar(scalar), event), height: 1, count: 1)
        case .sequenceStart: result = try sequence(event, depth: depth)
        case .mappingStart: result = try mapping(event, depth: depth)
        default: throw error(event, "a value is missing here")
        }
        try add(1, event)
        if let anchor = event.anchor { anchors[anchor] = result }
        return result
    }

    private mutating func sequence(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> Subtree {
        var elements: [YAMLNode] = []
        var (height, count) = (0, 1)
        while true {
            let event = try reader.next()
            if case .sequenceEnd = event.kind { break }
            let element = try subtree(event, depth: depth + 1)
            elements.append(element.node)
            height = max(height, element.height)
            count += element.count
        }
        return Subtree(node: node(.sequence(elements), start), height: height + 1, count: count)
    }

    private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> Subtree {
        var pairs: [YAMLPair] = []
        var (height, count) = (0, 1)
        while true {
            let event = try reader.next()
            if case .mappingEnd = event.kind { break }
            let key = try subtree(event, depth: depth + 1)
            let value = try subtree(try reader.next(), depth: depth + 1)
            pairs.append(YAMLPair(key: key.node, value: value.node))
            height = max(height, key.height, value.height)
            count += key.count + value.count
        }
        return Subtree(node: node(.mapping(pairs), start), height: height + 1, count: count)
    }

    private mutating func resolve(_ name: String, _ event: YAMLEvent, depth: Int) throws(YAMLError) -> Subtree {
        guard let subtree = anchors[name] else {
            throw error(event, "the alias *\(name) has no finished anchor &\(name) before it")
        }
        guard depth + subtree.height - 1 <= Self.depthLimit else { throw tooDeep(event) }
        try add(subtree.count, event)
        return subtree
    }

    private mutating func add(_ nodes: Int, _ event: YAMLEvent) throws(YAMLError) {
        count += nodes
        guard count <= Self.nodeLimit else {
            throw error(event, "the document has more than \(Self.nodeLimit) values, aliases counted")
        }
    }

    private func node(_ content: YAMLNode.Content, _ event: YAMLEvent) -> YAMLNode {
        YAMLNode(content: content, tag: event.tag, line: event.line, column: event.column)
    }

    private func tooDeep(_ event: YAMLEvent) -> YAMLError {
        error(event, "values are nested deeper than \(Self.depthLimit) levels")
    }

    private func error(_ event: YAMLEvent, _ message: String) -> YAMLError {
        YAMLError(line: event.line, column: event.column, message: message)
    }
}
