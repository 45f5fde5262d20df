/// What a model is, as far as its own content decides.
package struct Identification: Hashable, Sendable {
    /// nil where the content does not decide.
    package var type: ModelType?
    /// The family of models that it belongs to or was made for; nil where several fit.
    package var architecture: Architecture?
    /// CivitAI's exact word; nil where several fit and none is the plain name of what they have in common.
    package var baseModel: String?
    /// CivitAI's words that the content allows; a name that is known and not among them is wrong.
    package var baseModelCandidates: [String] = []
    /// Standard, Inpainting, Refiner or Pix2Pix, for checkpoints and diffusion models; nil where not told.
    package var baseModelType: String?
    /// Of `unet`, `vae` and `text_encoder` those in the file, for checkpoints and diffusion models.
    package var components: [String] = []
    /// What the network predicts: `epsilon`, `v` or `flow`; nil where not told.
    package var prediction: String?

    package init() {}

    /// Says what the tensors are. Takes less than 100 ms for the largest table; `metadata` are the file's
    /// own key-values.
    package static func identify(
        _ tensors: TensorTable, metadata: [(key: String, value: String)]
    ) -> Identification {
        let found = TensorComponents(tensors)
        var result = Identification()
        result.decideType(found)
        result.decidePrediction(found.network, metadata)
        return result
    }

    private mutating func decideType(_ found: TensorComponents) {
        let control = found.control.isEmpty ? found.network : found.control
        if take(Fingerprint.controls, control, .controlnet) { return }
        if !found.control.isEmpty {
            type = .controlnet
            return
        }
        if take(Fingerprint.ipAdapters, found.network, .ipAdapter) { return }
        // Before adapters: some checkpoints still hold what was merged into them.
        if take(Fingerprint.networks, found.network) { return decideNetwork(found) }
        if found.adapterCount > 0 { return decideAdapter(found) }
        if found.namesNetwork { return decideNetwork(found) }
        decideCompanion(found)
    }

    private mutating func decideAdapter(_ found: TensorComponents) {
        type = .lora
        _ = take(Fingerprint.adapters, found.network, .lora, inAdapter: true)
        // What the network leaves open, the text encoder may tell.
        let text = Fingerprint.textEncoderAdapters.first { $0.matches(found.textEncoder, inAdapter: true) }
        guard let text else { return }
        let isOpen = architecture == nil && text.candidates.allSatisfy(baseModelCandidates.contains)
        if found.network.isEmpty || isOpen { take(text, .lora) }
    }

    /// Files without a diffusion network.
    private mutating func decideCompanion(_ found: TensorComponents) {
        if !found.vae.isEmpty {
            // With a text encoder beside it, it is a part of a pipeline that has no name.
            if found.textEncoder.isEmpty, !take(Fingerprint.autoencoders, found.vae, .vae) {
                type = .vae
            }
        } else if !found.textEncoder.isEmpty {
            type = .textEncoder
        } else {
            for (kind, fingerprints) in Self.companions where take(fingerprints, found.network, kind) { return }
        }
    }

    private static let companions: [(ModelType, [Fingerprint])] = [
        (.motionModule, Fingerprint.motionModules), (.embedding, Fingerprint.embeddings),
        (.hypernetwork, Fingerprint.hypernetworks), (.upscaler, Fingerprint.upscalers),
        (.vae, Fingerprint.autoencoders),
        (.textEncoder, Fingerprint.textEncoders), (.clipVision, Fingerprint.visionEncoders),
        (.detection, Fingerprint.detectors),
    ]

    /// Takes what the first matching line of a table says.
    private mutating func take(
        _ fingerprints: [Fingerprint], _ patterns: TensorPatterns, _ type: ModelType? = nil,
        inAdapter: Bool = false
    ) -> Bool {
        guard let match = fingerprints.first(where: { $0.matches(patterns, inAdapter: inAdapter) })
        else { return false }
        take(match, type)
        return true
    }

    private mutating func take(_ fingerprint: Fingerprint, _ type: ModelType?) {
        self.type = type
        architecture = fingerprint.architecture
        baseModel = fingerprint.name
        baseModelCandidates = fingerprint.candidates
        baseModelType = fingerprint.baseModelType
    }

    // MARK: - Diffusion networks

    private mutating func decideNetwork(_ found: TensorComponents) {
        components = ["unet"]
        if found.vae.holdsModel { components.append("vae") }
        if found.textEncoder.holdsModel { components.append("text_encoder") }
        type = components.count > 1 ? .checkpoint : .diffusionModel
        baseModelType = baseModelType ?? channelType(found.network)
    }

    /// What the number of input channels says: a mask and a picture beside the noise, or a picture only.
    private func channelType(_ network: TensorPatterns) -> String? {
        switch architecture {
        case .sd1, .sd2, .sdxl, .kolors:
            switch network.pattern("input_blocks_#_#")?.input ?? network.pattern("conv_in")?.input {
            case 9: "Inpainting"
            case 8: "Pix2Pix"
            case nil: nil
            default: "Standard"
            }
        case .flux1:
            switch network.pattern("img_in")?.input ?? network.pattern("x_embedder")?.input {
            case 384: "Inpainting"
            case nil: nil
            default: "Standard"
            }
        case nil, .unlisted, .hosted: nil
        default: "Standard"
        }
    }

    // MARK: - Prediction

    /// Markers that trainers put into the file come first, then what the family usually does.
    ///
    /// ComfyUI: comfy/supported_models.py SDXL.model_type (`v_pred`, `ztsnr`, `edm_mean`, `edm_vpred.*`).
    private mutating func decidePrediction(
        _ network: TensorPatterns, _ metadata: [(key: String, value: String)]
    ) {
        let isNetwork = type == .checkpoint || type == .diffusionModel
        if isNetwork,
            ["v_pred", "ztsnr", "edm_vpred_sigma_max"].contains(where: { network.pattern($0) != nil })
        {
            prediction = "v"
            return
        }
        switch metadata.last(where: { $0.key == "modelspec.prediction_type" })?.value {
        case "epsilon": prediction = "epsilon"
        case "v", "v_prediction", "v-prediction": prediction = "v"
        default:
            let isEDM = network.pattern("edm_mean") != nil
            prediction = isNetwork && !isEDM ? architecture?.usualPrediction : nil
        }
    }
}
