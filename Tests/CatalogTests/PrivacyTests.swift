import LinuxSystem
import SQLite
import Testing

@testable import Catalog

/// No hash of what was seen below a private root is sent.
@Suite struct PrivacyTests {
    private static let secret = FilePath("/m/secret")

    /// Has `/m/secret` as a root of its own.
    private func setRoots(_ fixture: Fixture, isPrivate: Bool, isThere: Bool = true) throws -> [RootRecord] {
        let roots = [(fixture.root.path, String?.none)] + (isThere ? [(Self.secret, nil)] : [])
        return try fixture.write {
            try $0.setRoots(
                roots.map { (path: $0.0, type: $0.1) }, privateRoots: isPrivate ? [Self.secret] : [], rules: "",
                at: Fixture.now
            ) { _, _ in true }
        }
    }

    private func add(_ fixture: Fixture, _ root: RootRecord, _ name: String, inode: UInt64) throws -> Int64 {
        let status = FileStatus.sample(inode: inode)
        let file = ObservedFile(
            path: root.path.appending(name), rootID: root.id, folder: [], status: status, fileSystemID: "uuid:1",
            isSymbolicLink: false, placeType: nil, placeTypeSource: nil)
        return try fixture.write {
            try $0.add(file, content: .new(.sample), held: false, scan: nil, at: Fixture.now)
        }
    }

    private func read(_ fixture: Fixture, _ id: Int64, _ digits: String) throws {
        let job = try fixture.job(id)
        _ = try fixture.write { try $0.store(.sample(digits), of: job, description: .sample, at: Fixture.now) }
    }

    @Test func copiesElsewhereAreNotAskedAboutEither() async throws {
        try await withCatalog { fixture in
            let roots = try setRoots(fixture, isPrivate: true)
            try read(fixture, try add(fixture, roots[1], "mine.safetensors", inode: 5), "aa")
            try fixture.addIndexed("copy.safetensors", .sample("aa"), .sample(inode: 6))
            try fixture.addIndexed("other.safetensors", .sample("bb"), .sample(inode: 7))
            #expect(try fixture.due() == ["bb"])
        }
    }

    @Test func nothingIsAskedThatCouldBeAnUnreadPrivateFile() async throws {
        try await withCatalog { fixture in
            let roots = try setRoots(fixture, isPrivate: true)
            let mine = try add(fixture, roots[1], "mine.safetensors", inode: 5)
            try fixture.addIndexed("copy.safetensors", .sample("aa"), .sample(inode: 6))
            #expect(try fixture.due() == [])
            // A file that is still being written counts, too.
            try fixture.write { try $0.setHeld(mine, true, content: nil, at: Fixture.now) }
            #expect(try fixture.due() == [])
            try fixture.write { try $0.setHeld(mine, false, content: nil, at: Fixture.now) }
            try read(fixture, mine, "bb")
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func privacyIsTakenBackByTheConfigurationOnly() async throws {
        try await withCatalog { fixture in
            var roots = try setRoots(fixture, isPrivate: true)
            let mine = try add(fixture, roots[1], "mine.safetensors", inode: 5)
            try read(fixture, mine, "aa")
            try fixture.addIndexed("copy.safetensors", .sample("aa"), .sample(inode: 6))
            // The file goes; what it held has been private.
            try fixture.write {
                _ = try $0.markMissing([(id: mine, path: Self.secret.appending("mine.safetensors"))], at: Fixture.now)
                _ = try $0.removeMissing(since: .max, outside: [], limit: 10)
            }
            #expect(try fixture.due() == [])
            roots = try setRoots(fixture, isPrivate: false)
            #expect(try fixture.due() == ["aa"])
            _ = try setRoots(fixture, isPrivate: true)
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func aRootThatBecomesPrivateHidesWhatItHolds() async throws {
        try await withCatalog { fixture in
            let roots = try setRoots(fixture, isPrivate: false)
            try read(fixture, try add(fixture, roots[1], "mine.safetensors", inode: 5), "aa")
            #expect(try fixture.due() == ["aa"])
            _ = try setRoots(fixture, isPrivate: true)
            #expect(try fixture.due() == [])
            // The files belong to the root around it now, which is not private.
            _ = try setRoots(fixture, isPrivate: false, isThere: false)
            #expect(try fixture.due() == ["aa"])
        }
    }

    /// An upsert fires the triggers, and its way with conflicts is not theirs.
    @Test func copiesInARootThatBecomesPrivateAreNoTrouble() async throws {
        try await withCatalog { fixture in
            let roots = try setRoots(fixture, isPrivate: false)
            try read(fixture, try add(fixture, roots[1], "a.safetensors", inode: 5), "aa")
            try read(fixture, try add(fixture, roots[1], "b.safetensors", inode: 6), "aa")
            _ = try setRoots(fixture, isPrivate: true)
            #expect(try fixture.due() == [])
            #expect(try fixture.value("SELECT private FROM civitai_lookups") == 1)
            _ = try setRoots(fixture, isPrivate: false)
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func aFileThatMovesIntoAPrivateRootIsPrivate() async throws {
        try await withCatalog { fixture in
            let roots = try setRoots(fixture, isPrivate: true)
            let id = try fixture.addIndexed("a.safetensors", .sample("aa"), .sample(inode: 6))
            let moved = ObservedFile(
                path: Self.secret.appending("a.safetensors"), rootID: roots[1].id, folder: [],
                status: .sample(inode: 6), fileSystemID: "uuid:1", isSymbolicLink: false, placeType: nil,
                placeTypeSource: nil)
            try fixture.write { try $0.move(id, to: moved, displacing: nil, at: Fixture.now) }
            #expect(try fixture.due() == [])
        }
    }
}
