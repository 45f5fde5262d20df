import JSON
import TestSupport
import Testing

@testable import ModelFormats

/// Real files, where the checkout lies beside a folder of them.
@Suite struct RecordedSidecarTests {
    private func read(_ name: String, _ role: CompanionName.Role, sha256: String? = nil) -> Sidecar? {
        recordedAnswer(name).map { Sidecar(role, $0, sha256: sha256) }
    }

    @Test func helpersFilesForUnknownModelsAreEmpty() {
        for name in ["civitai_info_butaixianran_empty.json", "civitai_info_zixaphir_skeleton.json"] {
            guard let sidecar = read(name, .civitaiInfo) else { return }
            #expect(sidecar.user == nil && sidecar.civitai == nil && sidecar.problem == nil)
        }
    }

    @Test func aBrowsersFileIsRead() {
        guard let sidecar = read("sidecar_civitai_browser_plus_arcane.json", .userNotes) else { return }
        #expect(sidecar.user?.activationText == "arcane style")
        #expect(sidecar.user?.description == nil && sidecar.user?.baseModel == nil)
        #expect(sidecar.civitai?.modelID == 7094 && sidecar.civitai?.versionID == nil)
        #expect(sidecar.civitai?.modelName == "Arcane Style LoRA" && sidecar.civitai?.type == .lora)
        #expect(sidecar.civitai?.baseModel == "SD 1.5")
        #expect(sidecar.civitai?.files.first?.sha256?.hasPrefix("f15429d21c") == true)
    }

    @Test func aLoraManagersFileIsRead() {
        guard let sidecar = read("sidecar_lora_manager_metadata_not_on_civitai.json", .loraManager) else { return }
        #expect(sidecar.user?.notes == "(redacted)" && sidecar.user?.preferredWeight == 1)
        #expect(sidecar.civitai?.trainedWords.count == 2 && sidecar.civitai?.modelID == nil)
        #expect(sidecar.civitai?.modelName == nil && sidecar.civitai?.baseModel == nil)
        #expect(sidecar.civitai?.files.first?.size == 306_847_504)
    }

    @Test func aStabilityMatrixFileIsRead() {
        guard let sidecar = read("cm_info_stabilitymatrix_derived.json", .stabilityMatrix) else { return }
        #expect(sidecar.user == nil)
        #expect(sidecar.civitai?.modelID == 11821 && sidecar.civitai?.versionID == 127062)
        #expect(
            sidecar.civitai?.modelName == "VSK-94 | Girls' Frontline" && sidecar.civitai?.creator == "LeonDoesntDraw")
        #expect(sidecar.civitai?.trainedWords.count == 5 && sidecar.civitai?.baseModel == "SD 1.5")
        #expect(sidecar.civitai?.files.first?.blake3?.hasPrefix("253bd9c3") == true)
    }

    @Test func versionObjectsAreRead() {
        guard let byID = read("version_2025_flux_lora_by_id.json", .civitaiInfo)?.civitai,
            let byHash = read("byhash_2024_flux_lora.json", .civitaiInfo)?.civitai
        else { return }
        #expect(byID.modelID == 1_231_067 && byID.versionID == 1_387_174 && byID.trainedWords == ["ppstorybook"])
        #expect(byID.modelName == "Vivid Impressions Storybook Style" && byID.baseModel == "Flux.1 D")
        #expect(byID.files.first?.autoV3 == "34a22376739d" && byID.files.first?.size == 19_281_048)
        #expect(
            byHash.trainedWords == ["aesthetic_pos3", "dynamic_pos3"] && byHash.description == "<p>New Triggers:</p>")
        #expect(!byHash.files.contains { $0.autoV3 == byID.files.first?.autoV3 })
    }

    @Test(arguments: [
        "model_2023_checkpoint_anythingelse_many_files.json", "model_2023_checkpoint_emoji_name.json",
        "model_2023_checkpoint_pickle_danger.json", "model_2023_controlnet_crucibleai_face.json",
        "model_2023_early_access_timeframe.json", "model_2023_embedding_badhandv4.json",
        "model_2023_embedding_easynegative_pt_and_safetensors.json", "model_2023_lora_description_null.json",
        "model_2023_lora_mode_takendown.json", "model_2023_lora_with_training_data_zip.json",
        "model_2023_mode_archived_no_files.json", "model_2025_flux_lora.json",
        "model_2025_lora_two_versions_same_filename.json",
    ])
    func modelObjectsAreRead(name: String) throws {
        guard let bytes = recordedAnswer(name) else { return }
        let model = try JSONValue(bytes)
        let part = try #require(Sidecar(.civitaiJSON, bytes).civitai)
        #expect(part.modelID == model["id"]?.integer && part.modelName == model["name"]?.string?.trimmed)
        #expect(part.type != nil && part.type != .other)
        for version in model["modelVersions"]?.elements ?? [] {
            for file in version["files"]?.elements ?? [] {
                guard let sha256 = file["hashes"]?["SHA256"]?.string else { continue }
                let chosen = Sidecar(.civitaiJSON, bytes, sha256: sha256).civitai
                #expect(chosen?.versionID == version["id"]?.integer)
                #expect(chosen?.baseModel == version["baseModel"]?.string)
                #expect(chosen?.files.contains { $0.sha256 == sha256.lowercased() } == true)
            }
        }
    }

    @Test(arguments: [
        "error_404_by_hash.json", "error_429_paging.json", "error_500.json", "paidaccess_2026_timed.json",
    ])
    func errorsAreNoSidecars(name: String) {
        guard let sidecar = read(name, .civitaiInfo) else { return }
        #expect(sidecar == Sidecar(.civitaiInfo, []))
    }
}
