import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog

/// Counts of files.
@Suite struct StatisticsTests {
    @Test func presentFilesAreCounted() async throws {
        try await withCatalog { fixture in
            let first = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            try fixture.addIndexed("b", .sample("aa"), .sample(inode: 2))
            let other = try fixture.addIndexed("c", .sample("bb"), .sample(inode: 3))
            let gone = try fixture.addIndexed("d", .sample("cc"), .sample(inode: 4))
            let uncovered = try fixture.addIndexed("e", .sample("dd"), .sample(inode: 5))
            try fixture.add("f", .sample(inode: 6))
            try fixture.run("UPDATE local_files SET type = NULL, base_model = 'Pony' WHERE id = ?", [.integer(other)])
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            try fixture.run("UPDATE local_files SET root_id = NULL WHERE id = ?", [.integer(uncovered)])
            try fixture.addModel(1, "Model")
            try fixture.addVersion(10, of: 1, published: "01-01")
            try fixture.link(first, to: 10, of: 1)
            let asking = try fixture.read { try $0.statistics(isAsking: true) }
            #expect(asking.byType == ["lora": 3, "": 1])
            #expect(asking.byBaseModel == ["": 3, "Pony": 1])
            #expect(asking.byLookupState == ["found": 2, "pending": 2])
            #expect((asking.contents, asking.wastedBytes) == (3, 10))
            let silent = try fixture.read { try $0.statistics(isAsking: false) }
            #expect(silent.byLookupState == ["found": 2, "off": 2])
            let counts = try fixture.read { try $0.countsByStateAndType() }
            #expect(
                counts.map { "\($0.state) \($0.type) \($0.count)" } == [
                    "indexed  1", "indexed lora 2", "missing lora 1", "pending lora 1",
                ])
        }
    }
}
