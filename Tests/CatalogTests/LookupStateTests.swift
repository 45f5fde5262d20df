import LinuxSystem
import SQLite
import Testing

@testable import Catalog

/// What is told of the questions to CivitAI.
@Suite struct LookupStateTests {
    /// A file in every situation, named for what is told of it: while requests are made, and while they are not.
    private func addAll(_ fixture: Fixture) throws {
        var inode: UInt64 = 1
        func addIndexed(_ name: String) throws -> Int64 {
            inode += 1
            return try fixture.addIndexed(name, .sample("a\(inode)"), .sample(inode: inode))
        }
        func makePrivate(_ file: Int64) throws {
            try fixture.run(
                """
                INSERT INTO private_contents (content_id, root_id)
                SELECT content_id, root_id FROM local_files WHERE id = ?
                """, [.integer(file)])
        }
        _ = try addIndexed("pending-off 1")
        try fixture.setLookup(addIndexed("error-off 1"), "state = 'error', message = 'x'")
        try fixture.setLookup(addIndexed("error-error 1"), "state = 'error', checked_at = '2025-01-01T00:00:00.000Z'")
        try fixture.setLookup(addIndexed("pending-pending 1"), "checked_at = '2025-01-01T00:00:00.000Z'")
        for state in ["found", "not_found", "unlinked"] {
            try fixture.setLookup(addIndexed("\(state)-\(state) 1"), "state = '\(state)'")
        }
        let secret = try addIndexed("off-off 1")
        try makePrivate(secret)
        let known = try addIndexed("found-found 2")
        try fixture.setLookup(known, "state = 'found', checked_at = '2025-01-01T00:00:00.000Z'")
        try makePrivate(known)
        let pinned = try addIndexed("pending-off 2")
        try fixture.setLookup(pinned, "match = 'pinned', version_id = 7")
        try makePrivate(pinned)
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        try fixture.addIndexed("off-off 2", .sample(nothing), .sample(size: 0, inode: 100))
        try fixture.add("pending-off 3", .sample(inode: 101))
        try fixture.add("pending-off 4", .sample(inode: 102), content: .unknown)
        try makePrivate(fixture.add("off-off 3", .sample(inode: 103)))
        let large = try fixture.add("off-off 4", .sample(inode: 104))
        try fixture.write { try $0.skipReading(large, "too large", at: Fixture.now) }
    }

    @Test(arguments: [true, false])
    func theListAndTheFileTellTheSame(_ isAsking: Bool) async throws {
        try await withCatalog { fixture in
            try addAll(fixture)
            var all: [String] = []
            for state in StoredLookup.State.allCases.map(Optional.some) + [nil] {
                let word = state?.rawValue ?? "off"
                let names = try fixture.names { $0.lookup = LookupCondition(state, isAsking: isAsking) }
                let told = names.map { $0.split(separator: " ")[0].split(separator: "-")[isAsking ? 0 : 1] }
                #expect(told.allSatisfy { $0 == word }, "\(word): \(names)")
                all += names
            }
            let files = try fixture.read { try $0.files(FileFilter(), limit: 1000) }
            #expect(files.count == all.count)
            for file in files {
                let words = String(decoding: file.path.name, as: UTF8.self).split(separator: " ")[0]
                let told = file.lookup?.shownState(isAsking: isAsking)?.rawValue ?? "off"
                #expect(told == words.split(separator: "-")[isAsking ? 0 : 1], "\(file.path)")
            }
        }
    }

    @Test func aPrivateRootTellsBeforeThereIsAContent() async throws {
        try await withCatalog { fixture in
            try fixture.run("UPDATE roots SET civitai = 0")
            let id = try fixture.add("a", content: .unknown)
            #expect(try fixture.details(id)?.lookup?.shownState(isAsking: true) == nil)
            #expect(try fixture.names { $0.lookup = LookupCondition(nil, isAsking: true) } == ["a"])
        }
    }

    @Test func contentsAreCountedThatFilesHave() async throws {
        try await withCatalog { fixture in
            try addAll(fixture)
            try fixture.addIndexed("copy", .sample("a2"), .sample(inode: 200))
            let gone = try fixture.addIndexed("gone", .sample("ff"), .sample(inode: 201))
            try fixture.setLookup(gone, "state = 'found'")
            try fixture.write { try $0.remove(gone) }
            let counts = try fixture.catalog.figures().lookups
            func all(_ isAsking: Bool) -> [Int] {
                StoredLookup.State.allCases.map { counts.count($0, isAsking: isAsking) }
            }
            // Pending, found, not found, in error, unlinked.
            #expect(all(true) == [3, 2, 1, 2, 1])
            #expect(all(false) == [1, 2, 1, 1, 1])
        }
    }

    @Test func theVersionIsTold() async throws {
        try await withCatalog { fixture in
            try fixture.addModel(1, "Model")
            try fixture.run(
                "INSERT INTO creators (id, username, updated_at) VALUES (5, 'anna', '')")
            try fixture.run("UPDATE models SET creator_id = 5, nsfw_level = 3")
            try fixture.addVersion(10, of: 1, published: "01-01", words: ["b, c", "a"])
            let id = try fixture.addIndexed("a", .sample("aa"))
            try fixture.link(id, to: 10, of: 1)
            let lookup = try #require(try fixture.details(id)?.lookup)
            #expect((lookup.state, lookup.match, lookup.role) == (.found, .sha256, .model))
            #expect((lookup.modelID, lookup.versionID, lookup.checkedAt) == (1, 10, Fixture.now))
            #expect(
                lookup.version
                    == LinkedVersion(
                        modelName: "Model", versionName: "v10", modelType: "LORA", baseModel: "Pony",
                        trainedWords: ["b, c", "a"], creator: "anna", nsfwLevel: 3))
            try fixture.setLookup(id, "role = 'component'")
            let component = try #require(try fixture.details(id)?.lookup?.version)
            #expect((component.modelName, component.trainedWords, component.baseModel) == ("Model", [], nil))
        }
    }

    @Test func aPinWhoseVersionIsNotKnownNamesIt() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a")
            try fixture.setLookup(id, "match = 'pinned', version_id = 7")
            let lookup = try #require(try fixture.details(id)?.lookup)
            #expect((lookup.state, lookup.match, lookup.versionID) == (.pending, .pinned, 7))
            #expect(lookup.version == nil)
        }
    }
}
