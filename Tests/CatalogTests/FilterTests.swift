import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Which files a list names.
@Suite struct FilterTests {
    /// However it is narrowed, a list is read in the order of its paths: sorting all that fits for every page would make
    /// a list of a hundred thousand files take minutes.
    @Test func pagesAreReadInTheirOrder() async throws {
        try await withCatalog { fixture in
            let changes: [@Sendable (inout FileFilter) -> Void] = [
                { _ in }, { $0.states = [.pending, .indexed, .error] }, { $0.type = "lora" }, { $0.types = ["lora"] },
                { $0.baseModel = "Pony" }, { $0.folder = "loras" }, { $0.name = "a" }, { $0.isHashed = true },
                { $0.isFound = false }, { $0.troubledOnly = true },
                { $0.lookup = LookupCondition(.found, isAsking: true) },
                { $0.lookup = LookupCondition(.pending, isAsking: true) },
            ]
            for change in changes {
                var filter = FileFilter()
                change(&filter)
                let wanted = filter
                let plan = try fixture.read { reader in
                    let (sql, bindings) = reader.pageSQL(for: wanted, after: FilePath("/m/a"))
                    return try reader.connection.rows(
                        "EXPLAIN QUERY PLAN " + sql, bindings + [.integer(1), .integer(0)]
                    ) {
                        $0.text(3)
                    }
                }
                #expect(
                    plan.contains { $0.hasPrefix("SEARCH f USING INDEX sqlite_autoindex_local_files_1 (file_path>") })
                #expect(!plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") }, "\(plan)")
            }
        }
    }

    @Test(arguments: [
        ("loras", ["Loras/a.safetensors", "Loras/SDXL/b.safetensors"]),
        ("LORAS/", ["Loras/a.safetensors", "Loras/SDXL/b.safetensors"]),
        ("loras\\sdxl", ["Loras/SDXL/b.safetensors"]), ("/loras/sdxl/", ["Loras/SDXL/b.safetensors"]),
        ("lora", []), ("", ["root.safetensors"]), ("/", ["root.safetensors"]), ("100%", ["100%/c.safetensors"]),
        ("_", ["_/d.safetensors"]), ("%", []), ("1", []), (#"back\slash"#, [#"back\slash/e.safetensors"#]),
    ])
    func aFolderIsItselfAndWhatLiesBelow(folder: String, expected: [String]) async throws {
        try await withCatalog { fixture in
            let names = [
                "Loras/a.safetensors", "Loras/SDXL/b.safetensors", "Loras2/x.safetensors", "root.safetensors",
                "100%/c.safetensors", "100x/c.safetensors", "_/d.safetensors", "y/d.safetensors",
                #"back\slash/e.safetensors"#,
            ]
            try add(names, fixture)
            #expect(try Set(fixture.names { $0.folder = folder }) == Set(expected))
        }
    }

    @Test(arguments: [
        ("model", ["model.safetensors", "sub/Model.ckpt"]), ("MODEL.safetensors", ["model.safetensors"]),
        ("model.v2", ["model.v2.safetensors"]), ("model.v2.safetensors", ["model.v2.safetensors"]),
        ("sub/model.ckpt", ["sub/Model.ckpt"]), ("SUB\\MODEL.CKPT", ["sub/Model.ckpt"]), ("sub/model", []),
        ("ub/model.ckpt", []), ("mod", []), ("100%", ["100%.pt"]), ("100_", []), ("a_b", ["a_b.pt"]), ("%", []),
        ("_", []),
        ("ünï", ["ünï.safetensors"]), (#"a\b"#, [#"a\b.pt"#]), (#"a\b.pt"#, [#"a\b.pt"#]),
        ("two words.pt", ["two words.pt"]), ("", []), ("/", []), ("model.", []), (".safetensors", []),
        ("/m/sub/Model.ckpt", ["sub/Model.ckpt"]),
    ])
    func aNameIsABaseNameAStemOrTheEndOfAPath(name: String, expected: [String]) async throws {
        try await withCatalog { fixture in
            let names = [
                "model.safetensors", "sub/Model.ckpt", "model.v2.safetensors", "100%.pt", "100x.pt", "a_b.pt", "axb.pt",
                "ünï.safetensors", #"a\b.pt"#, "two words.pt",
            ]
            try add(names, fixture)
            #expect(try Set(fixture.names { $0.name = name }) == Set(expected))
        }
    }

    @Test func statesTypesAndPathsNarrowTogether() async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("a", .sample("aa"))
            let failed = try fixture.add("b", .sample(inode: 2))
            let gone = try fixture.add("c", .sample(inode: 3))
            try fixture.add("d", .sample(inode: 4))
            try fixture.write {
                try $0.noteTrouble(failed, "x", unread: true, nextAttempt: nil, at: Fixture.now)
                try $0.markMissing([gone], at: Fixture.now)
            }
            #expect(try fixture.names { _ in } == ["a", "b", "c", "d"])
            #expect(try fixture.names { $0.states = [] } == [])
            #expect(try fixture.names { $0.states = [.indexed, .missing] } == ["a", "c"])
            #expect(try fixture.names { $0.states = [.error, .pending] } == ["b", "d"])
            #expect(try fixture.names { $0.type = "lora" }.count == 4)
            #expect(try fixture.names { $0.type = "vae" } == [])
            #expect(try fixture.names { $0.path = FilePath("/m/a") } == ["a"])
            #expect(try fixture.names { $0.path = FilePath("/m/A") } == [])
            #expect(try fixture.names { ($0.path, $0.states) = (FilePath("/m/a"), [.missing]) } == [])
        }
    }

    @Test func whatIsBeingReadIsNotPendingToTheReader() async throws {
        try await withCatalog { fixture in
            let reading = try fixture.add("reading", .sample(inode: 1))
            try fixture.add("waiting", .sample(inode: 2))
            let second = try fixture.addIndexed("second reading", .sample("aa"), .sample(inode: 3))
            let ids: Set<Int64> = [reading, second]
            #expect(try fixture.names { ($0.states, $0.ids) = ([], ids) } == ["reading"])
            #expect(try fixture.names { ($0.states, $0.withoutIDs) = ([.pending], ids) } == ["waiting"])
            #expect(
                try fixture.names { ($0.states, $0.withoutIDs) = ([.pending, .indexed], ids) } == [
                    "second reading", "waiting",
                ])
            #expect(try fixture.names { ($0.states, $0.ids) = ([.indexed], ids) } == ["reading", "second reading"])
            #expect(try fixture.names { ($0.states, $0.ids) = ([], []) } == [])
            #expect(try fixture.names { ($0.states, $0.withoutIDs) = ([.pending], []) } == ["reading", "waiting"])
        }
    }

    @Test func troubleIsAStateOrASentence() async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("fine", .sample("aa"))
            let failed = try fixture.add("failed", .sample(inode: 2))
            try fixture.write { try $0.noteTrouble(failed, "x", unread: true, nextAttempt: nil, at: Fixture.now) }
            let broken = ContentDescription(format: "safetensors", message: "Its header is cut off.")
            try fixture.add("broken", .sample(inode: 3), content: .new(broken))
            #expect(try fixture.names { $0.troubledOnly = true } == ["broken", "failed"])
        }
    }

    @Test func aLongListIsReadInPagesWithoutGapOrRepetition() async throws {
        try await withCatalog { fixture in
            var names = (0..<25).map { "f\($0)" }
            try add(names, fixture)
            let odd = try #require(FilePath(bytes: Array("/m/f".utf8) + [0xFE]))
            let file = fixture.observe(odd, .sample(inode: 999))
            try fixture.write { _ = try $0.add(file, content: .unknown, held: false, scan: nil, at: Fixture.now) }
            names.sort()
            var pages: [[FilePath]] = []
            var after: FilePath?
            repeat {
                let page = try fixture.read { try $0.files(FileFilter(), after: after, limit: 7).map(\.path) }
                after = page.last
                pages.append(page)
            } while after != nil
            #expect(pages.map(\.count) == [7, 7, 7, 5, 0])
            #expect(pages.flatMap(\.self) == names.map { FilePath("/m/" + $0) } + [odd])
            let second = try fixture.read { try $0.files(FileFilter(), limit: 3, offset: 2).map(\.path) }
            #expect(second == Array(pages[0][2..<5]))
        }
    }

    private func add(_ names: [String], _ fixture: Fixture) throws {
        for (number, name) in names.enumerated() { try fixture.add(name, .sample(inode: UInt64(number))) }
    }
}
