import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog

/// Full-text search over the catalogue.
@Suite struct SearchTests {
    @Test(arguments: [
        ("", ""), ("  _-. ", ""), ("Detail_Tweaker-XL.v1.5.safetensors", "detail tweaker xl v1 5 safetensors"),
        ("C++ & \"quotes\" % _ ' ( ) * : ^", "c quotes"), ("ÄÖÜ Straße", "aou straße"), ("猫の絵", "猫の絵"),
        ("a\u{0}b\u{7f}c", "a b c"), ("ΣΊΣΥΦΟΣ", "σισυφοσ"), ("x\u{200B}y", "x y"), ("🦊fox", "🦊fox"), ("\\xFF", "xff"),
    ])
    func textsAreMadeAlike(_ text: String, _ expected: String) {
        #expect(SearchText.normalized(text) == expected)
    }

    /// A text is the same in whatever form Unicode writes it; accents do not count, marks that make another letter do.
    @Test(arguments: [
        ("caf\u{E9}", "cafe\u{301}", "cafe"), ("\u{1EBF}", "e\u{302}\u{301}", "e"), ("\u{439}", "\u{438}\u{306}", "и"),
        ("\u{304C}", "\u{304B}\u{3099}", "\u{304C}"), ("\u{D55C}", "\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
        ("\u{AC00}", "\u{1100}\u{1161}", "\u{AC00}"), ("\u{C5}", "A\u{30A}", "a"), ("\u{3AF}", "\u{3B9}\u{301}", "ι"),
    ])
    func formsOfUnicodeAreOne(_ composed: String, _ decomposed: String, _ expected: String) {
        #expect(!composed.unicodeScalars.elementsEqual(decomposed.unicodeScalars))
        for text in [composed, decomposed] {
            #expect(Array(SearchText.normalized(text).unicodeScalars) == Array(expected.unicodeScalars))
        }
    }

    @Test func aQueryIsTakenApart() {
        #expect(SearchTerms("Detail  tweaker").terms == ["detail", "tweaker"])
        #expect(SearchTerms("\"Detail tweaker\" XL xl").terms == ["detail tweaker", "xl"])
        #expect(SearchTerms("detail_tweaker \"open end").terms == ["detail tweaker", "open end"])
        #expect(SearchTerms("\" ' * ( ) \"").isEmpty)
        #expect(SearchTerms("").isEmpty)
        #expect(!SearchTerms.isTooLong(String(repeating: "a", count: 1000)))
        #expect(SearchTerms.isTooLong(String(repeating: "a", count: 1001)))
        #expect(SearchTerms.isTooLong((0...32).map { "word\($0)" }.joined(separator: " ")))
        #expect(!SearchTerms.isTooLong((0..<32).map { "word\($0)" }.joined(separator: " ")))
    }

    /// The names of the files that a query finds, in the order of the answer.
    private func found(
        _ fixture: Fixture, _ query: String, _ change: (inout SearchFilter) -> Void = { _ in }
    ) throws -> [String] {
        var filter = SearchFilter()
        change(&filter)
        let wanted = filter
        return try fixture.read { reader in
            try reader.search(files: SearchTerms(query), wanted).compactMap { try reader.file(id: $0) }
                .compactMap { $0.path.relative(to: fixture.root.path).map { String(decoding: $0, as: UTF8.self) } }
        }
    }

    private func models(
        _ fixture: Fixture, _ query: String, _ change: (inout SearchFilter) -> Void = { _ in }
    ) throws -> [Int64] {
        var filter = SearchFilter()
        change(&filter)
        let wanted = filter
        return try fixture.read { try $0.search(models: SearchTerms(query), wanted) }
    }

    @Test func namesAndFoldersAreFoundAlsoInsideOfWords() async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("style/Detail_Tweaker-XL.v1.5.safetensors", .sample("aa"), .sample(inode: 1))
            try fixture.addIndexed("char/adetailer.pt", .sample("bb"), .sample(inode: 2))
            try fixture.addIndexed("Ärger.safetensors", .sample("cc"), .sample(inode: 3))
            for query in [
                "detail tweaker", "TWEAKER", "weake", "tweaker style", "v1.5", "xl", "x", "\"tweaker xl\"",
                "detail_tweaker",
            ] {
                #expect(try found(fixture, query).first == "style/Detail_Tweaker-XL.v1.5.safetensors", "\(query)")
            }
            #expect(try found(fixture, "detail") == ["style/Detail_Tweaker-XL.v1.5.safetensors", "char/adetailer.pt"])
            for query in ["ärg", "ÄRG", "arge", "a\u{308}rger"] {
                #expect(try found(fixture, query) == ["Ärger.safetensors"], "\(query)")
            }
            for query in [
                "tweaker char", "\"xl tweaker\"", "zz", "nothing", "%", "_", "*", "name:detail OR", "NEAR(a)",
            ] {
                #expect(try found(fixture, query).isEmpty, "\(query)")
            }
        }
    }

    @Test func whereItIsFoundDecidesTheRank() async throws {
        try await withCatalog { fixture in
            let described = try fixture.addIndexed("a.safetensors", .sample("aa"), .sample(inode: 1))
            let tagged = try fixture.addIndexed("b.safetensors", .sample("bb"), .sample(inode: 2))
            let worded = try fixture.addIndexed("c.safetensors", .sample("cc"), .sample(inode: 3))
            let modelled = try fixture.addIndexed("d.safetensors", .sample("dd"), .sample(inode: 4))
            let gone = try fixture.addIndexed("fox.safetensors", .sample("e1"), .sample(inode: 5))
            try fixture.addIndexed("my_fox_two.safetensors", .sample("e2"), .sample(inode: 6))
            try fixture.addIndexed("xfoxx.safetensors", .sample("e3"), .sample(inode: 7))
            try fixture.addIndexed("fox_long_name.safetensors", .sample("e4"), .sample(inode: 8))
            try fixture.addIndexed("fox/z.safetensors", .sample("e5"), .sample(inode: 9))
            try fixture.addIndexed("foxy.safetensors", .sample("e6"), .sample(inode: 10))
            for (file, model) in [(described, 1), (tagged, 2), (worded, 3), (modelled, 4)] as [(Int64, Int64)] {
                try fixture.addModel(model, model == 4 ? "The Fox" : "Model \(model)")
                try fixture.addVersion(model * 10, of: model, published: "01-01", words: model == 3 ? ["red fox"] : [])
                try fixture.link(file, to: model * 10, of: model)
            }
            try fixture.run("UPDATE models SET description = '<p>A <i>fo</i>x, and <b>fox</b></p>' WHERE id = 1")
            try fixture.run("INSERT INTO tags (id, name) VALUES (1, 'foxes')")
            try fixture.run("INSERT INTO model_tags (model_id, tag_id) VALUES (2, 1)")
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            #expect(
                try found(fixture, "fox") == [
                    "foxy.safetensors", "fox_long_name.safetensors", "my_fox_two.safetensors", "xfoxx.safetensors",
                    "d.safetensors", "c.safetensors", "b.safetensors", "fox/z.safetensors", "a.safetensors",
                    "fox.safetensors",
                ])
            #expect(try models(fixture, "fox") == [4, 3, 2, 1])
            // Words may be found in different places.
            #expect(try found(fixture, "fox model") == ["c.safetensors", "b.safetensors", "a.safetensors"])
            // Markup is no text.
            #expect(try models(fixture, "<p>") == [])
        }
    }

    @Test func aSearchIsNarrowed() async throws {
        try await withCatalog { fixture in
            let first = try fixture.addIndexed("fox1.safetensors", .sample("aa"), .sample(inode: 1))
            let second = try fixture.addIndexed("fox2.safetensors", .sample("bb"), .sample(inode: 2))
            try fixture.addIndexed("fox3.safetensors", .sample("cc"), .sample(inode: 3))
            try fixture.run("UPDATE local_files SET type = 'vae', base_model = 'Pony' WHERE id = ?", [.integer(second)])
            for (model, level) in [(1, 28), (2, 31), (3, 0)] as [(Int64, Int64)] {
                try fixture.addModel(model, "Fox \(model)", type: model == 2 ? "VAE" : "LORA")
                try fixture.addVersion(model * 10, of: model, model == 2 ? "Pony" : "SDXL 1.0", published: "01-01")
                try fixture.run("UPDATE models SET nsfw_level = ? WHERE id = ?", [.integer(level), .integer(model)])
            }
            try fixture.link(first, to: 10, of: 1)
            try fixture.link(second, to: 20, of: 2)
            #expect(try found(fixture, "fox") { $0.type = "vae" } == ["fox2.safetensors"])
            #expect(try found(fixture, "fox") { $0.baseModel = "pony" } == ["fox2.safetensors"])
            // Of a file that is linked to nothing there is no rating.
            #expect(try found(fixture, "fox") { $0.maximumNSFWLevel = 1 } == ["fox2.safetensors", "fox3.safetensors"])
            #expect(try found(fixture, "fox") { $0.maximumNSFWLevel = 63 }.count == 3)
            #expect(
                try models(fixture, "fox") {
                    $0.type = "vae"
                    $0.civitaiTypes = ["VAE"]
                } == [2])
            #expect(try models(fixture, "fox") { $0.type = "detection" } == [])
            #expect(try models(fixture, "fox") { $0.baseModel = "sdxl 1.0" } == [1, 3])
            #expect(try models(fixture, "fox") { $0.maximumNSFWLevel = 1 } == [2])
            #expect(try models(fixture, "fox") { $0.maximumNSFWLevel = 4 } == [1, 2])
            try fixture.run("UPDATE local_files SET root_id = NULL WHERE id = ?", [.integer(first)])
            #expect(try found(fixture, "fox1").isEmpty)
        }
    }

    @Test func whatIsKnownOfAModelIsTold() async throws {
        try await withCatalog { fixture in
            let file = try fixture.addIndexed("a.safetensors", .sample("aa"), .sample(inode: 1))
            try fixture.addModel(1, "Fox")
            try fixture.addVersion(10, of: 1, "Pony", published: "01-01")
            try fixture.addVersion(11, of: 1, "Illustrious", published: "01-02")
            try fixture.addVersion(12, of: 1, "Pony", published: "01-03")
            var model = try #require(try fixture.read { try $0.foundModel(id: 1) })
            #expect((model.name, model.type, model.creator, model.isInstalled) == ("Fox", "LORA", nil, false))
            #expect(model.baseModels == ["Illustrious", "Pony"])
            try fixture.link(file, to: 11, of: 1)
            model = try #require(try fixture.read { try $0.foundModel(id: 1) })
            #expect(model.isInstalled)
            #expect(try fixture.read { try $0.foundModel(id: 2) } == nil)
        }
    }

    /// Everything that is searched is found under its new text, and under its old one no more.
    @Test func everyChangeIsSearched() async throws {
        try await withCatalog { fixture in
            func expect(_ old: String, _ new: String, _ line: SourceLocation = #_sourceLocation) throws {
                #expect(try found(fixture, old).isEmpty, sourceLocation: line)
                #expect(try found(fixture, new).count == 1, sourceLocation: line)
            }
            let file = try fixture.addIndexed("first.safetensors", .sample("aa"), .sample(inode: 1))
            try expect("second", "first")
            try fixture.run(
                "UPDATE local_files SET name = 'second.pt', folder = 'place', file_path = '/m/place/second.pt' WHERE id = ?",
                [.integer(file)])
            try expect("first", "second place")
            let content = try #require(try fixture.known(file)?.contentID)
            var fields = StoredUserFields()
            fields.notes = "nota"
            fields.trainedWords = ["parola"]
            let said = fields
            #expect(try fixture.write { try $0.setUserFields(ofContent: content, said, at: Fixture.now) })
            try expect("nothing", "nota parola")
            #expect(try fixture.write { try $0.setUserFields(ofContent: content, StoredUserFields(), at: Fixture.now) })
            try expect("parola", "second")
            try fixture.addModel(1, "Volpe")
            try fixture.addVersion(10, of: 1, published: "01-01", words: ["trigger"])
            try fixture.link(file, to: 10, of: 1)
            try expect("lupo", "volpe trigger v10")
            try fixture.run("UPDATE models SET name = 'Lupo' WHERE id = 1")
            try expect("volpe", "lupo")
            try fixture.run("UPDATE trained_words SET word = 'other' WHERE version_id = 10")
            try expect("trigger", "other")
            try fixture.run("UPDATE model_versions SET name = 'edition' WHERE id = 10")
            try expect("v10", "edition")
            try fixture.run("INSERT INTO creators (id, username, updated_at) VALUES (5, 'anna', '')")
            try fixture.run("UPDATE models SET creator_id = 5 WHERE id = 1")
            try expect("berta", "anna")
            try fixture.run("UPDATE creators SET username = 'berta' WHERE id = 5")
            try expect("anna", "berta")
            try fixture.setLookup(file, "state = 'unlinked', version_id = NULL, model_id = NULL")
            try expect("berta", "second")
            try fixture.setLookup(file, "state = 'pending'")
            var sidecar = SidecarRecord(source: .civitai, rank: 1, name: Array("a.json".utf8))
            (sidecar.modelName, sidecar.trainedWords) = ("beside", ["sidecarword"])
            var surroundings = FileSurroundings(look: 1)
            surroundings.sidecars = [sidecar]
            let around = surroundings
            try fixture.write { try $0.setSurroundings(ofFile: file, around) }
            try expect("nothing", "beside sidecarword")
            try fixture.write { try $0.setSurroundings(ofFile: file, FileSurroundings(look: 2)) }
            try expect("sidecarword", "second")
            try fixture.run("DELETE FROM local_files WHERE id = ?", [.integer(file)])
            #expect(try found(fixture, "second").isEmpty)
            #expect(try fixture.value("SELECT count(*) FROM search_files") == .integer(0))
            #expect(try fixture.value("SELECT count(*) FROM search_queue") == .integer(0))
        }
    }

    /// What an answer denies is not found either.
    @Test func whatLiesBesideIsSearchedAsFarAsItIsAnswered() async throws {
        try await withCatalog { fixture in
            let file = try fixture.addIndexed("a.pt", .sample("aa"), .sample(inode: 1))
            try fixture.addIndexed("b.pt", .sample("aa"), .sample(inode: 2))
            var sidecar = SidecarRecord(source: .civitai, rank: 1, name: Array("a.json".utf8))
            (sidecar.modelName, sidecar.trainedWords, sidecar.nsfwLevel) = ("beside", ["sidecarword"], 60)
            sidecar.versionID = 10
            var surroundings = FileSurroundings(look: 1)
            surroundings.sidecars = [sidecar]
            let around = surroundings
            try fixture.write { try $0.setSurroundings(ofFile: file, around) }
            #expect(try found(fixture, "beside sidecarword") == ["a.pt", "b.pt"])
            #expect(try found(fixture, "beside") { $0.maximumNSFWLevel = 1 } == [])
            #expect(try found(fixture, "beside") { $0.maximumNSFWLevel = 63 }.count == 2)
            let content = try #require(try fixture.known(file)?.contentID)
            try fixture.write { try $0.unlink(content: content) }
            #expect(try found(fixture, "beside") == [])
            _ = try fixture.write { try $0.takeBackWish(aboutContent: content, at: Fixture.now) }
            #expect(try found(fixture, "beside").count == 2)
            try fixture.addModel(1, "Model")
            try fixture.addVersion(11, of: 1, published: "01-01")
            try fixture.link(file, to: 11, of: 1)
            #expect(try found(fixture, "beside") == [])
            try fixture.setLookup(
                file, "state = 'pending', version_id = NULL, model_id = NULL, role = NULL, match = NULL")
            #expect(try found(fixture, "beside").count == 2)
            // The file leaves the roots, and with it what it says of its copy.
            try fixture.run("UPDATE local_files SET root_id = NULL WHERE id = ?", [.integer(file)])
            #expect(try found(fixture, "beside") == [])
            #expect(try found(fixture, "b.pt") == ["b.pt"])
            try fixture.run("UPDATE local_files SET root_id = 1 WHERE id = ?", [.integer(file)])
            #expect(try found(fixture, "beside").count == 2)
        }
    }

    /// A name of another form of Unicode is written anew, and found in both.
    @Test func aNameInAnotherFormIsFound() async throws {
        try await withCatalog { fixture in
            let file = try fixture.addIndexed("caf\u{E9}.pt", .sample("aa"), .sample(inode: 1))
            try fixture.run(
                "UPDATE local_files SET name = ?, file_path = ? WHERE id = ?",
                [.text("cafe\u{301}.pt"), .text("/m/cafe\u{301}.pt"), .integer(file)])
            for query in ["caf\u{E9}", "cafe\u{301}", "cafe"] { #expect(try found(fixture, query).count == 1) }
        }
    }

    @Test func theTextsOfAnEarlierReleaseAreMadeAtTheStart() async throws {
        try await withTemporaryDirectory { directory in
            func open() throws -> ModelCatalog { try ModelCatalog.open(directory: directory) }
            var catalog = try open()
            let roots = try catalog.write { try $0.setRoots([(FilePath("/m"), nil)]) { _, _ in true } }
            let fixture = Fixture(catalog: catalog, root: try #require(roots.first))
            // More than one transaction takes.
            for number in 0..<2100 {
                try fixture.add("file\(number).safetensors", .sample(inode: UInt64(number + 1)))
            }
            // As the upgrade leaves it: the queue is full and nothing is searched.
            let path = catalog.path
            catalog.close()
            do {
                let connection = try Connection(path, .readWriteCreate)
                defer { connection.close() }
                try connection.run("DELETE FROM search_files")
                try connection.run(
                    "INSERT INTO search_queue SELECT 'file', id FROM local_files")
            }
            catalog = try open()
            defer { catalog.close() }
            let reopened = Fixture(catalog: catalog, root: fixture.root)
            #expect(try found(reopened, "file").count == 2100)
            #expect(try reopened.value("SELECT count(*) FROM search_queue") == .integer(0))
        }
    }
}
