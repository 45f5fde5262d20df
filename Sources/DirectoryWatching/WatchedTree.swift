package import LinuxSystem

/// Which directory an inotify watch stands for: a tree of names, so that paths are computed through their parents.
///
/// A value without I/O. Two places never share a directory: whoever comes second is told who was first, because
/// the kernel has one watch per inode and the later path would take the events away from the earlier one.
struct WatchedTree: Sendable {
    private struct Node: Sendable {
        let parent: Int?
        /// The whole path for a node without a parent, else one component.
        let name: [UInt8]
        var children: [[UInt8]: Int] = [:]
        var watch: Int32?
        let identity: DirectoryIdentity
        /// Of this directory and all below it: how many there are, and how many of them have no watch.
        var counts = (directories: 0, unwatched: 0)
    }

    private var nodes: [Int: Node] = [:]
    private var nodeOfWatch: [Int32: Int] = [:]
    private var nodeOfIdentity: [DirectoryIdentity: Int] = [:]
    private var nodeOfTop: [[UInt8]: Int] = [:]
    private var nextNode = 0

    /// Directories in the tree.
    var count: Int { nodes.count }

    /// Directories that no inotify watch covers.
    var unwatchedCount: Int { nodes.values.count { $0.watch == nil } }

    /// The path of the directory that a watch stands for; nil for a watch that has ended.
    func path(ofWatch watch: Int32) -> FilePath? { nodeOfWatch[watch].flatMap(path(ofNode:)) }

    /// The place in the tree where the directory with this identity is.
    func path(of identity: DirectoryIdentity) -> FilePath? { nodeOfIdentity[identity].flatMap(path(ofNode:)) }

    /// True when `path` is in the tree.
    func contains(_ path: FilePath) -> Bool { node(at: path) != nil }

    /// True while a watch covers this directory at this path.
    func isWatched(_ identity: DirectoryIdentity, at path: FilePath) -> Bool {
        guard let id = nodeOfIdentity[identity], nodes[id]?.watch != nil else { return false }
        return node(at: path) == id
    }

    /// True while a directory of the tree is covered by this watch.
    func contains(watch: Int32) -> Bool { nodeOfWatch[watch] != nil }

    /// The watch that covers the directory with this identity.
    func watch(of identity: DirectoryIdentity) -> Int32? { nodeOfIdentity[identity].flatMap { nodes[$0]?.watch } }

    /// Directories with a watch.
    var watches: some Collection<Int32> { nodeOfWatch.keys }

    /// The directories at or below a path that no watch covers, in bytewise order.
    func unwatched(below path: FilePath) -> [FilePath] {
        // Most often there are none, which is seen without a look at each.
        guard counts(below: path).unwatched > 0 else { return [] }
        var found: [FilePath] = []
        var open = tops(within: path).compactMap { id in self.path(ofNode: id).map { (id, $0) } }
        while let (id, path) = open.popLast(), let node = nodes[id] {
            if node.watch == nil { found.append(path) }
            for (name, child) in node.children { open.append((child, path.appending(name))) }
        }
        return found.sorted()
    }

    /// Puts a directory at a path. Another directory that was there leaves with everything below it.
    ///
    /// - Returns: the watches that nothing in the tree stands for any more.
    mutating func insert(_ path: FilePath, identity: DirectoryIdentity, watch: Int32?) -> [Int32] {
        var orphans: [Int32] = []
        // Looked up once: this is done for each directory of a walk.
        var parent = path == .root ? nil : node(at: path.parent)
        let name = path.name
        if let present = nodeOfTop[path.bytes] ?? parent.flatMap({ nodes[$0]?.children[name] }) {
            if nodes[present]?.identity == identity {
                setWatch(watch, of: present)
                return []
            }
            orphans = removeSubtree(present)
        }
        if let elsewhere = nodeOfIdentity[identity] {
            orphans += removeSubtree(elsewhere)
            // The parent may have been in it.
            if let known = parent, nodes[known] == nil { parent = nil }
        }
        let id = nextNode
        nextNode += 1
        nodes[id] = Node(parent: parent, name: parent == nil ? path.bytes : name, watch: watch, identity: identity)
        if let parent {
            nodes[parent]?.children[name] = id
        } else {
            nodeOfTop[path.bytes] = id
        }
        nodeOfIdentity[identity] = id
        if let watch { nodeOfWatch[watch] = id }
        count(id, directories: 1, unwatched: watch == nil ? 1 : 0)
        return orphans.filter { $0 != watch }
    }

    /// Takes a directory and everything below it out; the watches that then have to end.
    mutating func remove(_ path: FilePath) -> [Int32] { node(at: path).map { removeSubtree($0) } ?? [] }

    /// The kernel has ended this watch (IN_IGNORED); the directory stays in the tree until it is seen to be gone.
    mutating func watchEnded(_ watch: Int32) {
        guard let id = nodeOfWatch.removeValue(forKey: watch) else { return }
        nodes[id]?.watch = nil
        count(id, directories: 0, unwatched: 1)
    }

    /// How many directories lie at or below a path, and how many of them have no watch.
    func counts(below path: FilePath) -> (directories: Int, unwatched: Int) {
        tops(within: path).compactMap { nodes[$0]?.counts }.reduce((0, 0)) {
            ($0.directories + $1.directories, $0.unwatched + $1.unwatched)
        }
    }

    /// The node at a path, and those without a parent below it: of two places one inside of the other, the inner one
    /// may have come first.
    private func tops(within path: FilePath) -> [Int] {
        let inner = nodeOfTop.filter { top, _ in
            top != path.bytes && FilePath(bytes: top).map { $0.isWithin(path) } == true
        }
        return (node(at: path).map { [$0] } ?? []) + inner.values
    }

    /// Adds to the counts of a directory and of all above it: the status asks for them, often while a walk adds more.
    private mutating func count(_ id: Int?, directories: Int, unwatched: Int) {
        guard directories != 0 || unwatched != 0 else { return }
        var next = id
        while let id = next {
            nodes[id]?.counts.directories += directories
            nodes[id]?.counts.unwatched += unwatched
            next = nodes[id]?.parent
        }
    }

    private mutating func setWatch(_ watch: Int32?, of id: Int) {
        let old = nodes[id]?.watch
        if let old, old != watch { nodeOfWatch[old] = nil }
        nodes[id]?.watch = watch
        count(id, directories: 0, unwatched: (watch == nil ? 1 : 0) - (old == nil ? 1 : 0))
        if let watch { nodeOfWatch[watch] = id }
    }

    private mutating func removeSubtree(_ top: Int) -> [Int32] {
        if let node = nodes[top] {
            if let parent = node.parent {
                nodes[parent]?.children[node.name] = nil
            } else {
                nodeOfTop[node.name] = nil
            }
            count(node.parent, directories: -node.counts.directories, unwatched: -node.counts.unwatched)
        }
        var orphans: [Int32] = []
        var open = [top]
        while let id = open.popLast(), let node = nodes.removeValue(forKey: id) {
            if let watch = node.watch {
                nodeOfWatch[watch] = nil
                orphans.append(watch)
            }
            if nodeOfIdentity[node.identity] == id { nodeOfIdentity[node.identity] = nil }
            open += node.children.values
        }
        return orphans
    }

    private func path(ofNode id: Int) -> FilePath? {
        var components: [[UInt8]] = []
        var next: Int? = id
        while let current = next, let node = nodes[current] {
            components.append(node.name)
            next = node.parent
        }
        guard let top = components.popLast(), var path = FilePath(bytes: top) else { return nil }
        while let component = components.popLast() { path = path.appending(component) }
        return path
    }

    /// The node at a path: down from the nearest top that holds it.
    private func node(at path: FilePath) -> Int? {
        if let top = nodeOfTop[path.bytes] { return top }
        let parent = path.parent
        guard path != .root, parent != path else { return nil }
        return node(at: parent).flatMap { nodes[$0]?.children[path.name] }
    }
}

/// What tells one directory from another while the system runs: device and inode number.
package struct DirectoryIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64

    package init(_ status: FileStatus) { self.init(device: status.device, inode: status.inode) }

    init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}
