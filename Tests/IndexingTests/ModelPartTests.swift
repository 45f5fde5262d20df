import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Models in several files: what they are, they are together.
@Suite(.timeLimit(.minutes(5))) struct ModelPartTests {
    private static let first = "m-00001-of-00002.safetensors"
    private static let second = "m-00002-of-00002.safetensors"

    /// `type, base model, index/count` of a part, with a mark where all are there.
    private func told(_ index: IndexerFixture, _ name: String) throws -> String {
        let file = try #require(try index.file(name))
        let part = try #require(file.part)
        let identity = "\(file.identity.type ?? "-") \(file.identity.baseModel ?? "-")"
        return "\(identity) \(part.index)/\(part.count)\(part.isComplete ? " complete" : "")"
    }

    @Test func partsAreJudgedTogetherInWhateverOrderTheyCome() async throws {
        for order in [[Self.first, Self.second], [Self.second, Self.first]] {
            try await withIndexerByEvents { index in
                for (number, name) in order.enumerated() {
                    let bytes = name == Self.first ? ModelBytes.firstHalf() : ModelBytes.secondHalf()
                    try writeModel(index.path(name), bytes)
                    try await index.sync()
                    if number == 0 {
                        let alone = try told(index, name)
                        #expect(!alone.contains("complete") && !alone.contains("SDXL"), "\(alone)")
                    }
                }
                #expect(try told(index, Self.first) == "diffusion_model SDXL 1.0 1/2 complete")
                #expect(try told(index, Self.second) == "diffusion_model SDXL 1.0 2/2 complete")
                #expect(try index.readings() == 2)
            }
        }
    }

    @Test func aPartThatGoesAndComesBackIsNoticedByTheOthers() async throws {
        try await withIndexerByEvents(prepare: { library in
            try writeModel(library.appending("d/" + Self.first), ModelBytes.firstHalf())
            try writeModel(library.appending("d/" + Self.second), ModelBytes.secondHalf())
        }) { index in
            let complete = "diffusion_model SDXL 1.0 1/2 complete"
            try await index.sync()
            #expect(try told(index, "d/" + Self.first) == complete)
            let (here, there) = (index.path("d/" + Self.second), index.outside(Self.second))
            for away in [there, index.path(Self.second)] {
                try renameFile(here, away)
                try await index.sync()
                #expect(try told(index, "d/" + Self.first).hasSuffix("1/2"))
                try renameFile(away, here)
                try await index.sync()
                #expect(try told(index, "d/" + Self.first) == complete)
            }
            removeFile(here)
            try await index.sync()
            #expect(try told(index, "d/" + Self.first).hasSuffix("1/2"))
            #expect(try index.readings() == 2)
            // Together they stay together.
            try writeModel(here, ModelBytes.secondHalf())
            try await index.sync()
            try renameFile(index.path("d"), index.path("e"))
            try await index.sync()
            #expect(try told(index, "e/" + Self.first) == complete)
            #expect(try told(index, "e/" + Self.second) == "diffusion_model SDXL 1.0 2/2 complete")
        }
    }

    @Test func aPartThatWentWhileNothingRanIsNoticedAtTheNextStart() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending(Self.first), ModelBytes.firstHalf())
            try writeModel(library.appending(Self.second), ModelBytes.secondHalf())
            let settings = IndexerFixture.settings([library])
            try await withIndexer(directory, settings) { index in
                try await index.sync()
                #expect(try told(index, Self.first).hasSuffix("complete"))
            }
            try renameFile(library.appending(Self.second), directory.appending("away"))
            try await withIndexer(directory, settings) { index in
                try await index.sync()
                #expect(try told(index, Self.first).hasSuffix("1/2"))
                #expect(try index.readings() == 0)
            }
            try renameFile(directory.appending("away"), library.appending(Self.second))
            try await withIndexer(directory, settings) { index in
                try await index.sync()
                #expect(try told(index, Self.first) == "diffusion_model SDXL 1.0 1/2 complete")
                #expect(try index.readings() == 0)
            }
        }
    }

    @Test func namesThatAreExcludedAreNoParts() async throws {
        try await withIndexerByEvents(
            configured: { $0.ignoredNames = ["*-00002-of-*"] },
            prepare: { library in
                try writeModel(library.appending(Self.first), ModelBytes.firstHalf())
                try writeModel(library.appending(Self.second), ModelBytes.secondHalf())
            }
        ) { index in
            try await index.sync()
            let listed = try told(index, Self.first)
            #expect(listed.hasSuffix("1/2"))
            // A look at the one file says what the listing of the directory does.
            chmodPath(index.path(Self.first), 0o600)
            try await index.sync()
            #expect(try told(index, Self.first) == listed)
        }
    }

    @Test func aModelOfThreePartsIsCompleteWithTheThird() async throws {
        try await withIndexerByEvents { index in
            let names = (1...3).map { "x-00001-of-00003.gguf".replacing("00001", with: "0000\($0)") }
            for (number, name) in names.enumerated() {
                try writeModel(index.path(name), Array("GGUF \(number)".utf8))
                try await index.sync()
                let parts = try names.prefix(number + 1).map { try index.file($0)?.part }
                #expect(parts.map { $0?.index } == (1...(number + 1)).map { Optional($0) })
                #expect(parts.allSatisfy { $0?.count == 3 && $0?.isComplete == (number == 2) })
            }
        }
    }
}
