import LinuxSystem
import SQLite
import Testing

@testable import Catalog

/// What CivitAI has that is newer than what is installed.
@Suite struct UpdateTests {
    private static let now = "2025-06-01T00:00:00.000Z"

    /// A model of which version 10, for Pony, is installed.
    private func withInstalled(_ body: (Fixture, Int64) throws -> Void) async throws {
        try await withCatalog { fixture in
            try fixture.addModel(1, "Model")
            try fixture.addVersion(10, of: 1, published: "02-01")
            let file = try fixture.addIndexed("a", .sample("aa"))
            try fixture.link(file, to: 10, of: 1)
            try body(fixture, file)
        }
    }

    private func updates(_ fixture: Fixture, _ change: (inout UpdateFilter) -> Void = { _ in }) throws -> [ModelUpdate]
    {
        var filter = UpdateFilter()
        change(&filter)
        return try fixture.read { try $0.updates(filter, now: Self.now) }
    }

    @Test func aNewerVersionOfTheSameBaseModelIsAnUpdate() async throws {
        try await withInstalled { fixture, _ in
            #expect(try updates(fixture) == [])
            try fixture.addVersion(9, of: 1, published: "03-01")
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.addVersion(12, of: 1, published: "01-01")
            let mark = VersionMark(id: 10, name: "v10", publishedAt: "2025-02-01T00:00:00.000Z")
            let latest = VersionMark(id: 11, name: "v11", publishedAt: "2025-04-01T00:00:00.000Z")
            #expect(
                try updates(fixture) == [
                    ModelUpdate(
                        modelID: 1, modelName: "Model", baseModel: "Pony", installed: mark, latest: latest,
                        otherBaseModels: 0, isEarlyAccess: false)
                ])
        }
    }

    @Test func ofTheSameTimeTheHigherNumberIsNewer() async throws {
        try await withInstalled { fixture, _ in
            try fixture.addVersion(9, of: 1, published: "02-01")
            #expect(try updates(fixture) == [])
            try fixture.addVersion(11, of: 1, published: "02-01")
            #expect(try updates(fixture).map(\.latest.id) == [11])
        }
    }

    @Test(arguments: ["status = 'Draft'", "gone_since = '2025-05-01'", "published_at = NULL", "base_model = NULL"])
    func whatCannotBeHadIsNone(_ assignment: String) async throws {
        try await withInstalled { fixture, _ in
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.run("UPDATE model_versions SET \(assignment) WHERE id = 11")
            #expect(try updates(fixture) { $0.includesOtherBaseModels = true } == [])
        }
    }

    @Test func aModelThatIsGoneHasNone() async throws {
        try await withInstalled { fixture, _ in
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.run("UPDATE model_versions SET status = 'Published'")
            #expect(try updates(fixture).count == 1)
            try fixture.run("UPDATE models SET gone_since = '2025-05-01'")
            #expect(try updates(fixture) == [])
        }
    }

    @Test func missingFilesCountAndThoseOfNoRootAndComponentsDoNot() async throws {
        try await withInstalled { fixture, file in
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.write { try $0.markMissing([file], at: Fixture.now) }
            #expect(try updates(fixture).count == 1)
            // Has been seen already, only somewhere offline.
            let newer = try fixture.addIndexed("b", .sample("bb"), .sample(inode: 2))
            try fixture.link(newer, to: 11, of: 1)
            try fixture.write { try $0.markMissing([newer], at: Fixture.now) }
            #expect(try updates(fixture) == [])
            try fixture.setLookup(newer, "role = 'component'")
            #expect(try updates(fixture).map(\.latest.id) == [11])
            try fixture.run("UPDATE local_files SET root_id = NULL")
            #expect(try updates(fixture) == [])
        }
    }

    @Test(arguments: [
        ("early_access = 1", true), ("early_access = 1, early_access_ends_at = '2025-06-02T00:00:00.000Z'", true),
        ("early_access = 1, early_access_ends_at = '2025-05-31T00:00:00.000Z'", false), ("early_access = 0", false),
    ])
    func earlyAccessEnds(_ assignments: String, _ expected: Bool) async throws {
        try await withInstalled { fixture, _ in
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.run("UPDATE model_versions SET \(assignments) WHERE id = 11")
            #expect(try updates(fixture).map(\.isEarlyAccess) == [expected])
        }
    }

    @Test func otherBaseModelsAreCountedAndAskedFor() async throws {
        try await withInstalled { fixture, _ in
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.addVersion(12, of: 1, "SDXL 1.0", published: "03-01")
            try fixture.addVersion(13, of: 1, "Flux.1 D", published: "05-01")
            try fixture.addVersion(14, of: 1, "SD 1.5", published: "01-01")
            let own = try updates(fixture)
            #expect(own.map(\.baseModel) == ["Pony"])
            #expect(own.map(\.otherBaseModels) == [2])
            let all = try updates(fixture) { $0.includesOtherBaseModels = true }
            #expect(all.map(\.baseModel) == ["Flux.1 D", "Pony", "SDXL 1.0"])
            #expect(all.map(\.installed.id) == [10, 10, 10])
            #expect(all.map(\.otherBaseModels) == [2, 2, 2])
            // A base model that is installed has a row by itself, however old that version is.
            let old = try fixture.addIndexed("b", .sample("bb"), .sample(inode: 2))
            try fixture.addVersion(15, of: 1, "SD 1.5", published: "01-02")
            try fixture.link(old, to: 14, of: 1)
            #expect(try updates(fixture).map(\.latest.id) == [11, 15])
            #expect(try updates(fixture).map(\.otherBaseModels) == [2, 3])
        }
    }

    @Test func typeAndBaseModelNarrow() async throws {
        try await withInstalled { fixture, file in
            try fixture.addVersion(11, of: 1, published: "04-01")
            try fixture.addModel(2, "Other")
            try fixture.addVersion(20, of: 2, "SDXL 1.0", published: "01-01")
            try fixture.addVersion(21, of: 2, "SDXL 1.0", published: "01-02")
            let other = try fixture.addIndexed("b", .sample("bb"), .sample(inode: 2))
            try fixture.link(other, to: 20, of: 2)
            try fixture.run("UPDATE local_files SET type = 'checkpoint' WHERE id = ?", [.integer(other)])
            #expect(try updates(fixture).map(\.modelID) == [1, 2])
            #expect(try updates(fixture) { $0.type = "checkpoint" }.map(\.modelID) == [2])
            #expect(try updates(fixture) { $0.type = "vae" }.isEmpty)
            #expect(try updates(fixture) { $0.baseModel = "PONY" }.map(\.modelID) == [1])
            #expect(try updates(fixture) { ($0.type, $0.baseModel) = ("lora", "SDXL 1.0") }.isEmpty)
        }
    }
}
