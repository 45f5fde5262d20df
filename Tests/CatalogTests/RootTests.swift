import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Which root a file belongs to, as the configuration changes.
@Suite struct RootTests {
    @Test func aFileBelongsToTheInnermostRoot() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("nas/loras/sub/a.safetensors", .sample("aa"))
            let other = try fixture.addIndexed("nas2/b.safetensors", .sample("bb"), .sample(inode: 2))
            let roots = try setRoots(["/m/nas", "/m", "/m/nas/loras"], fixture)
            #expect(roots.map(\.path) == [FilePath("/m/nas"), FilePath("/m"), FilePath("/m/nas/loras")])
            let file = try #require(try fixture.details(id))
            #expect(file.root == FilePath("/m/nas/loras"))
            #expect(file.folder == Array("sub".utf8))
            #expect(try fixture.details(other)?.root == FilePath("/m"))
            #expect(try fixture.details(other)?.folder == Array("nas2".utf8))

            let fewer = try setRoots(["/m"], fixture)
            #expect(fewer.map(\.id) == [fixture.root.id])
            #expect(try fixture.details(id)?.folder == Array("nas/loras/sub".utf8))
            #expect(try fixture.details(id)?.digests.sha256 != nil)
        }
    }

    @Test func filesOfARemovedRootLeaveEveryAnswerAndReturnUnread() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("sub/a.safetensors", .sample("aa"))
            let waiting = try fixture.add("b.safetensors", .sample(inode: 2))
            _ = try setRoots(["/elsewhere"], fixture)
            #expect(try fixture.details(id) == nil)
            #expect(try fixture.names { _ in } == [])
            #expect(try fixture.read { try $0.lookup("aa000000") }.files.isEmpty)
            #expect(try fixture.read { try $0.lookup("aa000000") }.matched.isEmpty)
            #expect(try fixture.read { try $0.counts() } == StateCounts())
            #expect(try fixture.jobs() == [])
            #expect(try fixture.read { try $0.file(at: FilePath("/m/sub/a.safetensors"))?.rootID } == .some(nil))

            _ = try setRoots(["/elsewhere", "/m"], fixture)
            #expect(try fixture.state(id) == .indexed)
            #expect(try fixture.details(id)?.folder == Array("sub".utf8))
            #expect(try fixture.jobs().map(\.fileID) == [waiting])
        }
    }

    @Test func aFileThatBecomesIgnoredLeavesAndComesBack() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("old/a.safetensors", .sample("aa"))
            try fixture.addIndexed("b.safetensors", .sample("bb"), .sample(inode: 2))
            _ = try fixture.write {
                try $0.setRoots([(FilePath("/m"), nil)], rules: "old") { path, root in
                    #expect(root == FilePath("/m"))
                    return path != FilePath("/m/old/a.safetensors")
                }
            }
            #expect(try fixture.names { _ in } == ["b.safetensors"])
            _ = try setRoots(["/m"], fixture)
            #expect(try fixture.names { _ in } == ["b.safetensors", "old/a.safetensors"])
            #expect(try fixture.details(id)?.folder == Array("old".utf8))
        }
    }

    @Test func linksLeaveWhenLinksAreNotFollowedAndComeBack() async throws {
        try await withCatalog { fixture in
            let target = fixture.observe("a.safetensors")
            let link = ObservedFile(
                path: FilePath("/m/link.safetensors"), rootID: fixture.root.id, folder: [], status: .sample(),
                fileSystemID: "uuid:1", isSymbolicLink: true, placeType: nil, placeTypeSource: nil)
            try fixture.write { writer in
                for file in [target, link] {
                    try writer.add(file, content: .unknown, held: false, scan: nil, at: Fixture.now)
                }
            }
            func follow(_ coversLinks: Bool) throws {
                _ = try fixture.write {
                    try $0.setRoots(
                        [(FilePath("/m"), nil)], rules: "same", coversLinks: coversLinks, at: Fixture.now
                    ) { _, _ in true }
                }
            }
            try follow(false)
            #expect(try fixture.names { _ in } == ["a.safetensors"])
            try follow(true)
            #expect(try fixture.names { _ in } == ["a.safetensors", "link.safetensors"])
        }
    }

    @Test func aFileLeftWithARootThatIsGoneIsFoundThoughNothingElseChanged() async throws {
        try await withCatalog { fixture in
            func set(_ paths: [String]) throws -> [RootRecord] {
                try fixture.write {
                    try $0.setRoots(paths.map { (FilePath($0), nil) }, rules: "same", at: Fixture.now) { _, _ in true }
                }
            }
            let gone = try #require(try set(["/m", "/m/sub", "/gone"]).last)
            _ = try set(["/m", "/m/sub"])
            let paths = ["/m/sub/a.pt", "/gone/b.pt"].map { FilePath($0) }
            try fixture.write { writer in
                for path in paths {
                    let file = ObservedFile(
                        path: path, rootID: gone.id, folder: [], status: .sample(), fileSystemID: nil,
                        isSymbolicLink: false, placeType: nil, placeTypeSource: nil)
                    try writer.add(file, content: .unknown, held: false, scan: nil, at: Fixture.now)
                }
            }
            _ = try set(["/m", "/m/sub"])
            #expect(try fixture.read { try $0.file(at: paths[0])?.rootID } == 2)
            #expect(try fixture.read { try $0.file(at: paths[1])?.rootID } == .some(nil))
            #expect(try fixture.names { _ in } == ["sub/a.pt"])
        }
    }

    @Test func aFileAddedWhereARowIsTakesTheRow() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("sub/a.pt", .sample(size: 10))
            let roots = try setRoots(["/m", "/m/sub"], fixture)
            let inner = try #require(roots.last)
            _ = try setRoots(["/m"], fixture)
            let file = ObservedFile(
                path: FilePath("/m/sub/a.pt"), rootID: inner.id, folder: [], status: .sample(size: 20, inode: 5),
                fileSystemID: nil, isSymbolicLink: false, placeType: "vae", placeTypeSource: "root")
            let added = try fixture.write {
                try $0.add(file, content: .new(.sample), held: true, scan: nil, at: Fixture.now)
            }
            #expect(added == id)
            let known = try #require(try fixture.read { try $0.file(at: file.path) })
            #expect(known.rootID == inner.id)
            #expect(known.size == 20)
            #expect(known.inode == 5)
            #expect(known.isHeld)
            #expect(known.placeType == "vae")
            // The content that nobody has any more, and was never read, is gone.
            #expect(try fixture.value("SELECT count(*) FROM contents") == .integer(1))
        }
    }

    @Test func aCopyThatNothingCoversIsNamedNowhere() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a/x", .sample("aa"))
            let other = try fixture.addIndexed("b/x", .sample("aa"), .sample(inode: 2))
            #expect(try fixture.details(id)?.copies == [FilePath("/m/b/x")])
            _ = try setRoots(["/m/a"], fixture)
            #expect(try fixture.details(id)?.copies == [])
            _ = try setRoots(["/m"], fixture)
            try fixture.write { try $0.markMissing([other], at: Fixture.now) }
            #expect(try fixture.details(id)?.copies == [])
        }
    }

    @Test func aRootKeepsItsNumberAndTakesItsNewType() async throws {
        try await withCatalog { fixture in
            let roots = try fixture.write { try $0.setRoots([(FilePath("/m"), "vae")]) { _, _ in true } }
            let expected = RootRecord(id: fixture.root.id, path: FilePath("/m"), type: "vae")
            #expect(roots == [expected])
            #expect(try fixture.read { try $0.root(id: expected.id) } == expected)
            #expect(try fixture.read { try $0.root(id: 99) } == nil)
        }
    }

    @Test func theRootOfTheFileSystemHoldsEverything() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a.safetensors", .sample("aa"))
            _ = try setRoots(["/"], fixture)
            #expect(try fixture.details(id)?.root == .root)
            #expect(try fixture.details(id)?.folder == Array("m".utf8))
        }
    }

    @Test func aRootThatIsNotUTF8IsARootLikeAnyOther() async throws {
        try await withCatalog { fixture in
            let path = try #require(FilePath(bytes: [0x2F, 0xFF]))
            let roots = try fixture.write { try $0.setRoots([(path, nil)]) { _, _ in true } }
            #expect(roots.map(\.path) == [path])
        }
    }

    private func setRoots(_ paths: [String], _ fixture: Fixture) throws -> [RootRecord] {
        try fixture.write { try $0.setRoots(paths.map { (FilePath($0), nil) }) { _, _ in true } }
    }
}
