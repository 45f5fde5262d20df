import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// What sidecars say of models, and that changes of them are noticed and read nothing else again.
@Suite(.timeLimit(.minutes(5))) struct SidecarTests {
    private static let notes = #"{"sd version":"SDXL","activation text":"one","preferred weight":0.5}"#

    private static func notes(_ text: String) -> String { #"{"activation text":"\#(text)"}"# }

    /// What a helper keeps of a version.
    private static func version(_ baseModel: String, id: Int = 7, sha256: String? = nil) -> String {
        let files = sha256.map { #","files":[{"hashes":{"SHA256":"\#($0)"}}]"# } ?? ""
        return
            #"{"id":\#(id),"modelId":3,"baseModel":"\#(baseModel)","trainedWords":["w"],"model":{"name":"M","type":"LORA"}\#(files)}"#
    }

    private func activation(_ index: IndexerFixture, _ name: String = "a.safetensors") throws -> String? {
        try #require(try index.file(name)).sidecars.lazy.compactMap(\.activationText).first
    }

    /// Runs `change` and waits for what comes of it, which must not be another reading of a file.
    private func after(_ index: IndexerFixture, _ change: () throws -> Void) async throws {
        let before = try index.readings()
        try change()
        try await index.sync()
        #expect(try index.readings() == before)
    }

    @Test func aSidecarIsReadWithItsModelAndWheneverItChanges() async throws {
        try await withIndexerByEvents(prepare: { library in
            try writeModel(library.appending("a.safetensors"))
            try writeFile(library.appending("a.json"), Self.notes)
        }) { index in
            try await index.sync()
            #expect(try activation(index) == "one")
            let id = try #require(try index.file("a.safetensors")).id
            let sidecar = index.path("a.json")
            try await after(index) { try writeFile(sidecar, Self.notes("two, with more")) }
            #expect(try activation(index) == "two, with more")
            // In one step, by another file.
            try await after(index) {
                try writeFile(index.path("a.json.new"), Self.notes("three"))
                try renameFile(index.path("a.json.new"), sidecar)
            }
            #expect(try activation(index) == "three")
            try await after(index) { removeFile(sidecar) }
            #expect(try activation(index) == nil)
            try await after(index) { try writeFile(sidecar, Self.notes("four")) }
            #expect(try activation(index) == "four")
            try await after(index) { try renameFile(sidecar, index.path("b.json")) }
            #expect(try activation(index) == nil)
            try await after(index) { try renameFile(index.path("b.json"), sidecar) }
            #expect(try activation(index) == "four")
            #expect(try index.file("a.safetensors")?.id == id)
            #expect(try index.states() == ["a.safetensors": .indexed])
        }
    }

    @Test func aSidecarThatIsWrittenInTwoHalvesIsReadWhenItIsWhole() async throws {
        try await withIndexerByEvents(prepare: { try writeModel($0.appending("a.safetensors")) }) { index in
            try await index.sync()
            let text = Array(Self.notes("the whole text").utf8)
            do {
                let file = try openForWriting(index.path("a.json"))
                try write(text.prefix(10), to: file)
                try await index.sync()
                #expect(try activation(index) == nil)
                try write(text.dropFirst(10), to: file)
            }
            try await index.sync()
            #expect(try activation(index) == "the whole text")
        }
    }

    @Test func aSidecarMayComeBeforeItsModel() async throws {
        try await withIndexerByEvents { index in
            try writeFile(index.path("new/a.json"), Self.notes, makingParent: true)
            try await index.sync()
            try writeModel(index.path("new/a.safetensors"))
            try await index.sync()
            #expect(try activation(index, "new/a.safetensors") == "one")
        }
    }

    @Test func changesOfSidecarsWhileNothingRunsAreFoundAtTheNextStart() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            for (number, name) in ["a", "b", "c", "d"].enumerated() {
                try writeModel(library.appending(name + ".safetensors"), safetensors(UInt8(number)))
            }
            for name in ["a", "b", "c"] { try writeFile(library.appending(name + ".json"), Self.notes) }
            let settings = IndexerFixture.settings([library])
            try await withIndexer(directory, settings) { try await $0.sync() }
            try writeFile(library.appending("a.json"), Self.notes("changed meanwhile"))
            removeFile(library.appending("b.json"))
            try writeFile(library.appending("d.json"), Self.notes("new"))
            try makeDirectory(library.appending("moved"))
            for ending in [".safetensors", ".json"] {
                try renameFile(library.appending("c" + ending), library.appending("moved/c" + ending))
            }
            try await withIndexer(directory, settings) { index in
                try await index.sync()
                #expect(try activation(index) == "changed meanwhile")
                #expect(try activation(index, "b.safetensors") == nil)
                #expect(try activation(index, "moved/c.safetensors") == "one")
                #expect(try activation(index, "d.safetensors") == "new")
                #expect(try index.readings() == 0)
                #expect(try index.states().count == 4)
            }
        }
    }

    @Test func everyKindOfSidecarIsReadAndTheOneThatKnowsMostIsBelieved() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("a.safetensors"), ModelBytes.sdxlLoRA())
            try writeFile(library.appending("a.json"), Self.notes)
            try writeFile(library.appending("a.civitai.info"), Self.version("Pony", id: 1))
            try writeFile(library.appending("a.civitai.json"), Self.version("NoobAI", id: 2))
            try writeFile(
                library.appending("a.metadata.json"),
                #"{"file_name":"a","model_name":"A","sha256":"","base_model":"Illustrious","from_civitai":true,"civitai":{"id":4,"modelId":3}}"#
            )
            try writeFile(
                library.appending("a.cm-info.json"),
                #"{"ModelId":3,"ModelName":"M","ModelType":"LORA","VersionId":5,"VersionName":"V","BaseModel":"Illustrious"}"#
            )
        }) { index in
            try await index.sync()
            func judged() throws -> String? { try index.file("a.safetensors")?.identity.baseModel }
            let file = try #require(try index.file("a.safetensors"))
            // What the user wrote, and what the first of the others says.
            #expect(file.sidecars.map(\.source) == [.user, .civitai])
            #expect(file.sidecars.map(\.versionID) == [nil, 1])
            #expect(file.identity.type == "lora" && file.identity.typeSource == "content")
            #expect(try judged() == "Pony")
            // One after the other goes.
            removeFile(index.path("a.civitai.info"))
            try await index.sync()
            #expect(try judged() == "NoobAI")
            removeFile(index.path("a.civitai.json"))
            try await index.sync()
            #expect(try judged() == "Illustrious")
            removeFile(index.path("a.metadata.json"))
            removeFile(index.path("a.cm-info.json"))
            try await index.sync()
            #expect(try judged() == "SDXL 1.0")
            #expect(try index.file("a.safetensors")?.identity.baseModelSource == "content")
        }
    }

    @Test func whatIsNoSidecarSaysNothing() async throws {
        try await withIndexer(prepare: { library in
            for name in ["poison", "directory", "large", "workflow", "pipe", "empty"] {
                try writeModel(library.appending(name + ".safetensors"), safetensors(UInt8(name.utf8.count)))
            }
            try writeFile(library.appending("poison.civitai.info"), #"{"id":"","modelId":"Model not found"}"#)
            try writeFile(library.appending("poison.json"), "{}")
            try makeDirectory(library.appending("directory.json"))
            try writeFile(library.appending("directory.json/x.json"), Self.notes)
            let long = Self.notes + String(repeating: " ", count: 8 << 20)
            try writeFile(library.appending("large.json"), long)
            try writeFile(library.appending("workflow.json"), #"{"nodes":[],"description":"x","notes":"y"}"#)
            try writeFile(library.appending("empty.json"), "")
            try makePipe(library.appending("pipe.json"))
        }) { index in
            try await index.sync()
            #expect(try index.states().values.allSatisfy { $0 == .indexed })
            for name in try index.states().keys { #expect(try index.file(name)?.sidecars == [], "\(name)") }
            // A directory may become a file.
            removeTree(index.path("directory.json"))
            try writeFile(index.path("directory.json"), Self.notes)
            try await index.sync()
            #expect(try activation(index, "directory.safetensors") == "one")
        }
    }

    @Test func aLinkToASidecarIsFollowedInsideOfTheRoots() async throws {
        try await withIndexerByEvents(prepare: { library in
            try writeModel(library.appending("a.safetensors"))
            try makeDirectory(library.appending("notes"))
            try writeFile(library.appending("notes/one"), Self.notes)
            try makeSymbolicLink(library.appending("a.json"), to: library.appending("notes/one"))
        }) { index in
            try await index.sync()
            #expect(try activation(index) == "one")
            // No event of the link tells what happens to its target.
            try writeFile(index.path("notes/one"), Self.notes("changed"))
            try await index.sync()
            #expect(try activation(index) == "changed")
            try writeFile(index.path("notes/other"), Self.notes("two"))
            try replaceSymbolicLink(index.path("a.json"), to: index.path("notes/other"))
            try await index.sync()
            #expect(try activation(index) == "two")
            // Whoever may make a link there could have anything shown.
            try writeFile(index.outside("secret.json"), Self.notes("secret"))
            try replaceSymbolicLink(index.path("a.json"), to: index.outside("secret.json"))
            try await index.sync()
            #expect(try activation(index) == nil)
        }
    }

    @Test func modelsWithTheSameStemShareASidecar() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("a.safetensors"))
            try writeModel(library.appending("a.ckpt"), pyTorchFile("x"))
            try writeModel(library.appending("a.b.safetensors"), safetensors(2))
            try writeFile(library.appending("a.json"), Self.notes)
        }) { index in
            try await index.sync()
            try await after(index) { try writeFile(index.path("a.json"), Self.notes("both")) }
            #expect(try activation(index) == "both")
            #expect(try activation(index, "a.ckpt") == "both")
            #expect(try activation(index, "a.b.safetensors") == nil)
        }
    }

    @Test func excludedNamesAreNotRead() async throws {
        try await withIndexer(
            configured: { $0.ignoredNames = ["*.json"] },
            prepare: { library in
                try writeModel(library.appending("a.safetensors"))
                try writeFile(library.appending("a.json"), Self.notes)
                try writeFile(library.appending("a.civitai.info"), Self.version("Pony"))
            }
        ) { index in
            try await index.sync()
            #expect(try index.file("a.safetensors")?.sidecars.map(\.rank) == [1])
            try await after(index) { try writeFile(index.path("a.json"), Self.notes("two")) }
            #expect(try activation(index) == nil)
            // They are from the moment on that they are not excluded any more.
            try await index.reload { $0.ignoredNames = [] }
            #expect(try activation(index) == "two")
            try await index.reload { $0.ignoredNames = ["*.civitai.info"] }
            #expect(try index.file("a.safetensors")?.sidecars.map(\.rank) == [0])
            #expect(try index.file("a.safetensors")?.identity.baseModel == nil)
        }
    }

    @Test func inAPlaceThatIsPolledChangesAreFoundToo() async throws {
        try await withIndexer(
            configured: { $0.roots = $0.roots.map { .init(path: $0.path, type: nil, watchMode: .poll) } },
            prepare: { library in
                try writeModel(library.appending("a.safetensors"))
                try writeFile(library.appending("a.json"), Self.notes)
            }
        ) { index in
            try await index.sync()
            #expect(try activation(index) == "one")
            try await after(index) { try writeFile(index.path("a.json"), Self.notes("polled")) }
            #expect(try activation(index) == "polled")
            try await after(index) { removeFile(index.path("a.json")) }
            #expect(try activation(index) == nil)
        }
    }

    @Test func aModelTakesItsSidecarWithIt() async throws {
        try await withIndexerByEvents(prepare: { library in
            try writeModel(library.appending("old/a.safetensors"))
            try writeFile(library.appending("old/a.json"), Self.notes)
        }) { index in
            try await index.sync()
            let id = try #require(try index.file("old/a.safetensors")).id
            try await after(index) { try renameFile(index.path("old"), index.path("new")) }
            #expect(try activation(index, "new/a.safetensors") == "one")
            // One by one; in between each is alone.
            try await after(index) { try renameFile(index.path("new/a.safetensors"), index.path("a.safetensors")) }
            #expect(try activation(index) == nil)
            try await after(index) { try renameFile(index.path("new/a.json"), index.path("a.json")) }
            #expect(try activation(index) == "one")
            #expect(try index.file("a.safetensors")?.id == id)
        }
    }

    @Test func aSidecarOfOneCopyIsAnsweredForTheOtherAndJudgedThere() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("plain.safetensors"), ModelBytes.sdxlLoRA())
        }) { index in
            func judged(_ name: String) throws -> String? { try index.file(name)?.identity.baseModel }
            try await index.sync()
            #expect(try judged("plain.safetensors") == "SDXL 1.0")
            // The copy has its sidecar before anybody knows that it is a copy.
            try writeFile(index.path("copy/b.civitai.info"), Self.version("Pony"), makingParent: true)
            try writeModel(index.path("copy/b.safetensors"), ModelBytes.sdxlLoRA())
            try await index.sync()
            #expect(try judged("copy/b.safetensors") == "Pony")
            #expect(try index.file("plain.safetensors")?.sidecars.map(\.versionID) == [7])
            #expect(try judged("plain.safetensors") == "Pony")
            // What lies beside a file itself goes before what lies beside its copies.
            try writeFile(index.path("plain.civitai.info"), Self.version("Illustrious", id: 8))
            try await index.sync()
            #expect(try judged("plain.safetensors") == "Illustrious")
            #expect(try judged("copy/b.safetensors") == "Pony")
            removeFile(index.path("plain.civitai.info"))
            try await index.sync()
            #expect(try judged("plain.safetensors") == "Pony")
            // The copy becomes another file: its sidecar speaks of that now.
            try writeModel(index.path("copy/b.safetensors"), ModelBytes.sdxlLoRA(fill: 1))
            try await index.sync()
            #expect(try judged("copy/b.safetensors") == "Pony")
            #expect(try judged("plain.safetensors") == "SDXL 1.0")
        }
    }

    @Test func aCopyThatLeavesTheRootsTakesWhatItSaidWithIt() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("plain.safetensors"), ModelBytes.sdxlLoRA())
            try writeModel(library.appending("copy/b.safetensors"), ModelBytes.sdxlLoRA())
            try writeFile(library.appending("copy/b.civitai.info"), Self.version("Pony"))
        }) { index in
            try await index.sync()
            #expect(try index.file("plain.safetensors")?.identity.baseModel == "Pony")
            try await index.reload { $0.ignoredNames = ["copy"] }
            #expect(try index.file("plain.safetensors")?.sidecars == [])
            #expect(try index.file("plain.safetensors")?.identity.baseModel == "SDXL 1.0")
            try await index.reload { $0.ignoredNames = [] }
            #expect(try index.file("plain.safetensors")?.identity.baseModel == "Pony")
        }
    }

    @Test func aSidecarAboutAnotherFileIsIgnoredOnceTheDigestIsKnown() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("a.safetensors"), ModelBytes.sdxlLoRA())
        }) { index in
            try await index.sync()
            let sha256 = try #require(try index.file("a.safetensors")?.digests.sha256)
            let other = String(sha256.reversed())
            try writeModel(index.path("b.safetensors"), ModelBytes.sdxlLoRA(fill: 1))
            for (name, digest) in [("a", sha256), ("b", other)] {
                try writeFile(index.path(name + ".civitai.info"), Self.version("Pony", sha256: digest.uppercased()))
            }
            try await index.sync()
            #expect(try index.file("a.safetensors")?.identity.baseModel == "Pony")
            #expect(try index.file("a.safetensors")?.sidecars.count == 1)
            #expect(try index.file("b.safetensors")?.identity.baseModel == "SDXL 1.0")
            #expect(try index.file("b.safetensors")?.sidecars == [])
        }
    }
}
