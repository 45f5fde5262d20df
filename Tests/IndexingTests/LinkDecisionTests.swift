import Testing

@testable import Catalog
@testable import Indexing

/// To which of the versions that CivitAI has for a digest a content is linked.
@Suite struct LinkDecisionTests {
    private typealias Candidate = LinkEvidence.Candidate

    private func candidate(
        _ version: Int64, published: String? = nil, type: String? = "LORA", file: String? = "Model",
        name: String? = nil, sizeKB: Double? = 10, match: StoredLookup.Match = .sha256
    ) -> Candidate {
        Candidate(
            versionID: version, modelID: version * 10, match: match, publishedAt: published, modelType: type,
            file: file.map { LinkEvidence.File(id: version * 100, name: name, type: $0, sizeKB: sizeKB) })
    }

    private func decide(
        _ candidates: [Candidate], content: String? = "lora", type: String? = nil, size: Int64 = 10_240,
        names: [String] = ["a.safetensors"]
    ) -> LinkDecision {
        LinkDecision.decide(
            LinkEvidence(
                contentID: 1, size: size, contentType: content, type: type, names: names.map { Array($0.utf8) },
                candidates: candidates))
    }

    private func version(_ decision: LinkDecision) -> Int64? {
        if case .link(let link) = decision { link.versionID } else { nil }
    }

    private func role(_ decision: LinkDecision) -> StoredLookup.Role? {
        if case .link(let link) = decision { link.role } else { nil }
    }

    @Test func theOldestOfEqualsIsTaken() {
        let all = [
            candidate(3, published: "2024-01-01T00:00:00.000Z"), candidate(2, published: "2023-01-01T00:00:00.000Z"),
            candidate(1),
        ]
        #expect(version(decide(all)) == 2)
        #expect(version(decide(all.reversed())) == 2)
        // Of the same time, the first number.
        #expect(version(decide([candidate(9), candidate(8)])) == 8)
    }

    @Test func theSameNameGoesBeforeAge() {
        let all = [
            candidate(1, published: "2020-01-01T00:00:00.000Z", name: "b.safetensors"),
            candidate(2, published: "2024-01-01T00:00:00.000Z", name: "a.safetensors"),
        ]
        #expect(version(decide(all)) == 2)
    }

    @Test func theSameTypeGoesBeforeTheName() {
        let all = [
            candidate(1, type: "Checkpoint", name: "a.safetensors"), candidate(2, type: "LoCon", name: "b.safetensors"),
        ]
        #expect(version(decide(all)) == 2)
        // What the file is is known by its folder only.
        #expect(version(decide(all, content: nil, type: "lora")) == 2)
        // Nothing is known of it: all are alike.
        #expect(version(decide(all, content: nil)) == 1)
    }

    @Test func theTypeOfTheFileCountsAsWell() {
        let all = [
            candidate(1, type: "Checkpoint", file: "Model"), candidate(2, type: "Checkpoint", file: "VAE"),
        ]
        let decision = decide(all, content: "vae")
        #expect(version(decision) == 2)
        #expect(role(decision) == .component)
    }

    @Test func whatIsAboutTheFileGoesBeforeWhatShipsIt() {
        let all = [candidate(1, type: "Checkpoint", file: "VAE"), candidate(2, type: "VAE", file: "Model")]
        let decision = decide(all, content: "vae")
        #expect(version(decision) == 2)
        #expect(role(decision) == .model)
    }

    @Test(arguments: [
        ("vae", "Checkpoint", "VAE", StoredLookup.Role.component), ("vae", "Checkpoint", "Model", .component),
        ("text_encoder", "Checkpoint", "Text Encoder", .component), ("vae", "VAE", "Model", .model),
        ("vae", "VAE", "VAE", .model), ("lora", "LORA", "Model", .model), ("lora", "DoRA", "Pruned Model", .model),
        ("diffusion_model", "Checkpoint", "Diffusion Model", .model),
        ("diffusion_model", "Checkpoint", "Model", .model), ("checkpoint", "Checkpoint", "Pruned Model", .model),
        // Misfiled by its creator, and the model all the same.
        ("lora", "Checkpoint", "Model", .model), ("embedding", "Checkpoint", "Negative", .component),
        // CivitAI's types grow.
        ("lora", "BrandNew", "BrandNewFile", .model),
    ])
    func aPartOfOtherModelsIsAComponent(content: String, model: String, file: String, expected: StoredLookup.Role) {
        #expect(role(decide([candidate(1, type: model, file: file)], content: content)) == expected)
    }

    @Test func anotherSizeIsAnotherFile() {
        let decision = decide([candidate(5, sizeKB: 11)])
        guard case .none(let message) = decision else {
            Issue.record("linked: \(decision)")
            return
        }
        #expect(message?.contains("11264 bytes, not 10240") == true)
        // The right one is among them.
        #expect(version(decide([candidate(5, sizeKB: 11), candidate(6)])) == 6)
    }

    @Test func sizesAreFractionsOfKibibytes() {
        #expect(version(decide([candidate(1, sizeKB: 24.0771484375)], size: 24_655)) == 1)
        #expect(version(decide([candidate(1, sizeKB: 24.0771)], size: 24_655)) == 1)
        #expect(version(decide([candidate(1, sizeKB: 24.0781)], size: 24_655)) == nil)
    }

    @Test func aFileThatIsNotListedSaysNothingAgainstIt() {
        let decision = decide([candidate(1, file: nil)])
        #expect(version(decision) == 1)
        #expect(role(decision) == .model)
    }

    @Test func otherMetadataMakeAnotherSize() {
        #expect(version(decide([candidate(1, sizeKB: 11, match: .autoV3)])) == 1)
        #expect(version(decide([candidate(1, sizeKB: 11, match: .pinned)])) == 1)
    }

    @Test func withoutCandidatesThereIsNothingToSay() { #expect(decide([]) == .none(nil)) }
}
