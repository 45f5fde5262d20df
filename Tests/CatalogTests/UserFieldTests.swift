import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog

/// What people say of contents.
@Suite struct UserFieldTests {
    private static var fields: StoredUserFields {
        var fields = StoredUserFields()
        (fields.type, fields.baseModel, fields.trainedWords) = ("vae", "Pony", ["a b", "c"])
        (fields.notes, fields.preferredWeight) = ("note", 0.5)
        return fields
    }

    @Test func whatWasSaidBelongsToTheContent() async throws {
        try await withCatalog { fixture in
            let file = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            let copy = try fixture.addIndexed("b", .sample("aa"), .sample(inode: 2))
            let content = try #require(try fixture.known(file)?.contentID)
            #expect(try fixture.details(file)?.user == StoredUserFields())
            #expect(try fixture.write { try $0.setUserFields(ofContent: content, Self.fields, at: Fixture.now) })
            #expect(try fixture.details(file)?.user == Self.fields)
            #expect(try fixture.details(copy)?.user == Self.fields)
            // Judged in the same transaction as a rule; both files wait for it.
            let evidence = try fixture.write { try $0.takeFilesToJudge(limit: 10) }
            #expect(evidence.map(\.userType) == ["vae", "vae"])
            #expect(evidence.map(\.userBaseModel) == ["Pony", "Pony"])
            #expect(try fixture.write { try $0.setUserFields(ofContent: content, StoredUserFields(), at: Fixture.now) })
            #expect(try fixture.details(copy)?.user == StoredUserFields())
            #expect(try fixture.value("SELECT count(*) FROM user_fields") == .integer(0))
            #expect(try fixture.write { try $0.takeFilesToJudge(limit: 10) }.map(\.userType) == [nil, nil])
            #expect(try !fixture.write { try $0.setUserFields(ofContent: 999, Self.fields, at: Fixture.now) })
            #expect(try !fixture.write { try $0.setUserFields(ofContent: 999, StoredUserFields(), at: Fixture.now) })
        }
    }

    /// A file that is hashed after something was said of it turns out to be a copy.
    @Test(arguments: [("2025-01-02T", "vae"), ("2024-01-01T", "lora")])
    func whatWasSaidMovesToTheContentThatItTurnsOutToBe(_ day: String, _ type: String) async throws {
        try await withCatalog { fixture in
            let known = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            let file = try fixture.add("b", .sample(inode: 2))
            let content = try #require(try fixture.known(file)?.contentID)
            let old = try #require(try fixture.known(known)?.contentID)
            #expect(content != old)
            var earlier = StoredUserFields()
            (earlier.type, earlier.notes) = ("lora", "first")
            var later = StoredUserFields()
            (later.type, later.preferredWeight) = ("vae", 2)
            let (one, two) = (earlier, later)
            _ = try fixture.write { try $0.setUserFields(ofContent: old, one, at: Fixture.now) }
            _ = try fixture.write { try $0.setUserFields(ofContent: content, two, at: day + "00:00:00.000Z") }
            let job = try fixture.job(file)
            _ = try fixture.write { try $0.store(.sample("aa"), of: job, description: .sample, at: Fixture.now) }
            #expect(try fixture.known(file)?.contentID == old)
            let user = try #require(try fixture.details(file)?.user)
            // The later word counts, and nothing that was said is lost.
            #expect((user.type, user.notes, user.preferredWeight) == (type, "first", 2))
            #expect(try fixture.value("SELECT count(*) FROM user_fields") == .integer(1))
        }
    }

    @Test func whatWasSaidOutlivesTheLastFile() async throws {
        try await withCatalog { fixture in
            let file = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            let content = try #require(try fixture.known(file)?.contentID)
            _ = try fixture.write { try $0.setUserFields(ofContent: content, Self.fields, at: Fixture.now) }
            try fixture.run("DELETE FROM local_files WHERE id = ?", [.integer(file)])
            let again = try fixture.addIndexed("elsewhere/b", .sample("aa"), .sample(inode: 9))
            #expect(try fixture.details(again)?.user == Self.fields)
        }
    }

    /// What was never hashed is known by its path alone: the words stay with it, whatever becomes of its bytes.
    @Test func whatWasSaidOfAnUnreadFileStaysWithIt() async throws {
        try await withCatalog { fixture in
            for content in [CatalogWriter.Content.new(.sample), .unknown] {
                let name = "file\(try fixture.texts("SELECT id FROM local_files").count)"
                let file = try fixture.add(name, .sample(inode: 1))
                let old = try #require(try fixture.known(file)?.contentID)
                _ = try fixture.write { try $0.setUserFields(ofContent: old, Self.fields, at: Fixture.now) }
                try fixture.write { try $0.pin(content: old, toVersion: 10, at: Fixture.now) }
                let observed = fixture.observe(name, .sample(modified: 5000, inode: 1))
                try fixture.write {
                    try $0.replaceContent(of: file, observed, content: content, held: false, scan: nil, at: Fixture.now)
                }
                let new = try #require(try fixture.known(file)?.contentID)
                #expect(new != old)
                #expect(try fixture.details(file)?.user == Self.fields)
                #expect(try fixture.details(file)?.lookup?.match == .pinned)
                #expect(try fixture.value("SELECT count(*) FROM contents WHERE id = ?", [.integer(old)]) == .integer(0))
            }
        }
    }

    @Test func anUnreadFileOfWhichSomethingWasSaidIsNotForgotten() async throws {
        try await withCatalog { fixture in
            let silent = try fixture.add("a", .sample(inode: 1))
            let said = try fixture.add("b", .sample(inode: 2))
            let hashed = try fixture.addIndexed("c", .sample("aa"), .sample(inode: 3))
            for file in [said, hashed] {
                let content = try #require(try fixture.known(file)?.contentID)
                _ = try fixture.write { try $0.setUserFields(ofContent: content, Self.fields, at: Fixture.now) }
            }
            try fixture.write { try $0.markMissing([silent, said, hashed], at: Fixture.now) }
            let removed = try fixture.write { try $0.removeMissing(since: .max, outside: [], limit: 10) }
            #expect(Set(removed.map(\.description)) == ["/m/a", "/m/c"])
            #expect(try fixture.details(said)?.user == Self.fields)
            // Nobody waits for it either.
            #expect(try fixture.read { try $0.firstMissing(outside: []) } == nil)
        }
    }

    @Test func baseModelsThatVersionsHaveAreKnown() async throws {
        try await withCatalog { fixture in
            try fixture.addModel(1, "Model")
            try fixture.addVersion(10, of: 1, "Brand New 9", published: "01-01")
            #expect(try fixture.read { try $0.usedBaseModel("brand new 9") } == "Brand New 9")
            #expect(try fixture.read { try $0.usedBaseModel("other") } == nil)
            #expect(try fixture.read { try $0.usedModelTypes() } == ["LORA"])
        }
    }
}
