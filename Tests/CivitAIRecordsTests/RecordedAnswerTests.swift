import CivitAIRecords
import JSON
import LinuxSystem
import TestSupport
import Testing

/// Answers of different years, where the checkout lies beside a folder of them.
@Suite(.enabled(if: recordedAnswersFolder != nil, "there are no recorded answers beside the checkout"))
struct RecordedAnswerTests {
    private func json(_ name: String) throws -> JSONValue {
        try JSONValue(try #require(recordedAnswer(name)), keepsNumbers: true)
    }

    private func model(_ name: String) throws -> CivitAIModel { try #require(CivitAIModel(try json(name))) }

    private func version(_ name: String) throws -> CivitAIVersion { try #require(CivitAIVersion(try json(name))) }

    @Test func everyModelIsReadWithAllItsParts() throws {
        let folder = try #require(recordedAnswersFolder)
        let names = try directoryNames(folder).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix("model_") }
        #expect(names.count >= 13)
        for name in names {
            let json = try json(name)
            let model = try model(name)
            #expect(model.name != nil && model.type != nil && model.creator != nil && model.tags != nil, "\(name)")
            #expect(model.licence.allowedCommercialUse != nil && model.statistics.downloads != nil, "\(name)")
            let versions = json["modelVersions"]?.elements ?? []
            #expect(model.versions.count == versions.count && !versions.isEmpty, "\(name)")
            for (version, sent) in zip(model.versions, versions) {
                #expect(version.name != nil && version.baseModel != nil && version.createdAt != nil, "\(name)")
                #expect(version.files?.count == sent["files"]?.elements.count, "\(name)")
                #expect(version.images?.count == sent["images"]?.elements.count, "\(name)")
                for file in version.files ?? [] {
                    #expect(file.name != nil && file.bytes != nil && file.hashes["SHA256"]?.count == 64, "\(name)")
                }
                #expect(version.images?.allSatisfy { $0.nsfwLevel != nil && $0.width != nil } != false, "\(name)")
            }
        }
    }

    @Test func answersOfTheYear2023AreRead() throws {
        let early = try #require(try model("model_2023_early_access_timeframe.json").versions.first)
        #expect(early.earlyAccess?.endsAt == "2023-05-06T19:34:49.890Z")
        let image = try #require(early.images?.first)
        #expect(image.nsfwLevel == 1 && image.parameters?["seed"] == "3321456575")
        #expect(image.parameters?["cfgScale"] == "7" && image.parameters?["sampler"] == "Euler a")
        #expect(image.resources?.map(\.hash) == ["3e4decf6a2"])
        let archived = try model("model_2023_mode_archived_no_files.json")
        #expect(archived.mode == "Archived" && archived.versions.first?.files == [])
        let resources = archived.versions.first?.images?.first?.resources
        #expect(resources?.map(\.hash) == ["c552b55fd1", "6e430eb514", "600345c503", "5b9281d7c6"])
        #expect(try model("model_2023_lora_mode_takendown.json").versions.first?.images == [])
        let danger = try model("model_2023_checkpoint_pickle_danger.json").versions.first?.files?.first
        #expect(danger?.pickleScanResult == "Danger")
    }

    @Test func answersAboutOneVersionAreRead() throws {
        let byHash = try version("byhash_2024_flux_lora.json")
        #expect(byHash.id == 1_050_496 && byHash.modelID == 706_978 && byHash.model?.type == "LORA")
        #expect(byHash.files?.first?.bytes == 171_969_416 && byHash.earlyAccess == nil)
        let byID = try version("version_2025_flux_lora_by_id.json")
        #expect(byID.images?.first?.parameters?["seed"] == "1116375220995209")
        #expect(byID.images?.first?.resources == nil)
        let paid = try version("paidaccess_2026_timed.json")
        #expect(paid.earlyAccess?.endsAt == "2099-01-01T00:00:00.000Z" && paid.paidAccess != nil)
    }

    @Test func filesOfOneNameAreTwo() throws {
        let model = try model("model_2025_lora_two_versions_same_filename.json")
        #expect(model.versions.map { $0.files?.first?.name } == ["VSK.safetensors", "VSK.safetensors"])
        #expect(Set(model.versions.compactMap { $0.files?.first?.id }).count == 2)
        #expect(model.versions.allSatisfy { $0.modelID == nil })
    }

    @Test(arguments: [
        "error_404_model.json", "civitai_info_butaixianran_empty.json", "civitai_info_zixaphir_skeleton.json",
        "cm_info_stabilitymatrix_derived.json", "enums_2026.json", "sidecar_civitai_browser_plus_arcane.json",
    ])
    func whatIsNoRecordIsNone(name: String) throws {
        let json = try json(name)
        #expect(CivitAIModel(json) == nil && CivitAIVersion(json) == nil)
    }
}
