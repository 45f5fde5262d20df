import Testing

@testable import DirectoryWatching
@testable import LinuxSystem

@Suite struct WatchedTreeTests {
    private let root = FilePath("/m")
    private let loras = FilePath("/m/loras")
    private let deep = FilePath("/m/loras/sdxl")

    /// /m, /m/loras and /m/loras/sdxl with watches 1, 2 and 3.
    private func makeTree() -> WatchedTree {
        var tree = WatchedTree()
        _ = tree.insert(root, identity: identity(1), watch: 1)
        _ = tree.insert(loras, identity: identity(2), watch: 2)
        _ = tree.insert(deep, identity: identity(3), watch: 3)
        return tree
    }

    private func identity(_ inode: UInt64, device: UInt64 = 1) -> DirectoryIdentity {
        DirectoryIdentity(
            FileStatus(
                kind: .directory, size: 0, modified: 0, changed: 0, born: nil, inode: inode, device: device, links: 1,
                owner: 0, group: 0, mode: 0))
    }

    @Test func pathsAreFoundByWatchAndByIdentity() {
        let tree = makeTree()
        #expect(tree.count == 3)
        #expect(tree.path(ofWatch: 3) == deep)
        #expect(tree.path(ofWatch: 4) == nil)
        #expect(tree.path(of: identity(2)) == loras)
        #expect(tree.path(of: identity(2, device: 2)) == nil)
        #expect(tree.contains(deep))
        #expect(!tree.contains(FilePath("/m/lora")))
        #expect(!tree.contains(FilePath("/")))
    }

    @Test func fileSystemRootCanBeATop() {
        var tree = WatchedTree()
        _ = tree.insert(.root, identity: identity(1), watch: 1)
        _ = tree.insert(FilePath("/m"), identity: identity(2), watch: 2)
        #expect(tree.path(ofWatch: 1) == .root)
        #expect(tree.path(ofWatch: 2) == FilePath("/m"))
        #expect(tree.counts(below: .root) == (2, 0))
        #expect(tree.remove(.root).sorted() == [1, 2])
        #expect(tree.count == 0)
    }

    @Test func relativePathsDoNotClimbForEver() {
        let tree = makeTree()
        #expect(!tree.contains(FilePath("m")))
        #expect(!tree.contains(FilePath(".")))
    }

    @Test func removingADirectoryRemovesEverythingBelowIt() {
        var tree = makeTree()
        #expect(tree.remove(loras).sorted() == [2, 3])
        #expect(tree.count == 1)
        #expect(!tree.contains(deep))
        #expect(tree.path(ofWatch: 3) == nil)
        #expect(tree.path(of: identity(3)) == nil)
        #expect(tree.remove(loras) == [])
        #expect(tree.counts(below: root) == (1, 0))
    }

    @Test func siblingsStayWhenADirectoryGoes() {
        var tree = makeTree()
        let sibling = FilePath("/m/loras2")
        _ = tree.insert(sibling, identity: identity(4), watch: 4)
        _ = tree.remove(loras)
        #expect(tree.path(ofWatch: 4) == sibling)
    }

    @Test func sameDirectoryAtTheSamePathKeepsWhatIsBelow() {
        var tree = makeTree()
        #expect(tree.insert(loras, identity: identity(2), watch: 2) == [])
        #expect(tree.path(ofWatch: 3) == deep)
        #expect(tree.insert(loras, identity: identity(2), watch: 9) == [])
        #expect(tree.path(ofWatch: 2) == nil)
        #expect(tree.path(ofWatch: 9) == loras)
        #expect(tree.insert(loras, identity: identity(2), watch: nil) == [])
        #expect(tree.path(ofWatch: 9) == nil)
        #expect(tree.unwatchedCount == 1)
    }

    @Test func replacedDirectoryTakesItsOldTreeAlong() {
        var tree = makeTree()
        #expect(tree.insert(loras, identity: identity(20), watch: 20).sorted() == [2, 3])
        #expect(tree.path(ofWatch: 20) == loras)
        #expect(!tree.contains(deep))
        #expect(tree.path(of: identity(2)) == nil)
    }

    @Test func sameDirectoryAtAnotherPathMoves() {
        var tree = makeTree()
        let renamed = FilePath("/m/renamed")
        // The kernel answers with the same watch for the same inode: it must not be ended.
        #expect(tree.insert(renamed, identity: identity(2), watch: 2) == [3])
        #expect(!tree.contains(loras))
        #expect(!tree.contains(deep))
        #expect(tree.path(ofWatch: 2) == renamed)
        #expect(tree.path(of: identity(2)) == renamed)
    }

    @Test func directoryThatReplacesItsParentsPlaceIsATopOrAChildThere() {
        var tree = makeTree()
        // mv /m/loras/sdxl /x; rm -r /m/loras; mv /x /m/loras
        #expect(tree.insert(loras, identity: identity(3), watch: 3) == [2])
        #expect(tree.path(ofWatch: 3) == loras)
        #expect(tree.counts(below: root) == (2, 0))
    }

    @Test func endedWatchLeavesTheDirectoryInTheTree() {
        var tree = makeTree()
        tree.watchEnded(2)
        #expect(tree.path(ofWatch: 2) == nil)
        #expect(tree.contains(loras))
        #expect(tree.path(ofWatch: 3) == deep)
        #expect(tree.counts(below: root) == (3, 1))
        tree.watchEnded(2)
        #expect(tree.insert(loras, identity: identity(2), watch: 5) == [])
        #expect(tree.counts(below: root) == (3, 0))
    }

    @Test func lateEndOfAnOldWatchDoesNotTouchTheNewOne() {
        var tree = makeTree()
        _ = tree.remove(loras)
        _ = tree.insert(loras, identity: identity(2), watch: 12)
        tree.watchEnded(2)
        #expect(tree.path(ofWatch: 12) == loras)
        #expect(tree.unwatchedCount == 0)
    }

    @Test func topInsideAnotherTopStaysItsOwn() {
        var tree = WatchedTree()
        _ = tree.insert(deep, identity: identity(3), watch: 3)
        _ = tree.insert(deep.appending("a"), identity: identity(4), watch: 4)
        _ = tree.insert(root, identity: identity(1), watch: 1)
        _ = tree.insert(loras, identity: identity(2), watch: 2)
        #expect(tree.path(ofWatch: 4) == deep.appending("a"))
        #expect(tree.path(of: identity(3)) == deep)
        #expect(tree.remove(deep).sorted() == [3, 4])
        #expect(tree.contains(loras))
        #expect(tree.remove(root).sorted() == [1, 2])
        #expect(tree.count == 0)
    }

    @Test func directoriesWithoutAWatchAreCounted() {
        var tree = WatchedTree()
        _ = tree.insert(root, identity: identity(1), watch: 1)
        _ = tree.insert(loras, identity: identity(2), watch: nil)
        _ = tree.insert(deep, identity: identity(3), watch: nil)
        #expect(tree.counts(below: root) == (3, 2))
        #expect(tree.counts(below: loras) == (2, 2))
        #expect(tree.counts(below: FilePath("/elsewhere")) == (0, 0))
        #expect(tree.remove(loras) == [])
        #expect(tree.unwatchedCount == 0)
    }

    @Test func countsStandThroughAnySequenceOfChanges() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(state: seed)
        var tree = WatchedTree()
        let names = ["a", "b", "c"]
        for step in 0..<2000 {
            let path = (0..<Int.random(in: 0...3, using: &random)).reduce(root) { path, _ in
                path.appending(names[Int.random(in: 0..<3, using: &random)])
            }
            let number = Int32.random(in: 1...20, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: _ = tree.remove(path)
            case 1: tree.watchEnded(number)
            case 2: _ = tree.insert(path, identity: identity(UInt64(number)), watch: nil)
            default: _ = tree.insert(path, identity: identity(UInt64(number)), watch: number)
            }
            let counts = tree.counts(below: root)
            #expect(counts == (tree.count, tree.unwatchedCount), "seed \(seed), step \(step)")
            #expect(tree.unwatched(below: root).count == counts.unwatched, "seed \(seed), step \(step)")
        }
    }

    @Test func namesAreBytes() throws {
        var tree = makeTree()
        let path = try #require(FilePath(bytes: root.bytes + [0x2F, 0xFF, 0x0A]))
        _ = tree.insert(path, identity: identity(5), watch: 5)
        #expect(tree.path(ofWatch: 5) == path)
    }
}

/// The same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
