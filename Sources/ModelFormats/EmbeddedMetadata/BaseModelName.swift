/// A base model in CivitAI's exact word, as it was understood from what a trainer, a tool or a person called it.
package struct BaseModelName: Hashable, Sendable {
    /// A word of CivitAI's list.
    package let word: String
    /// Whether the text named no more than an architecture, whose plain name `word` is.
    package let isPlain: Bool
    /// `Inpainting`, `Refiner` or `Pix2Pix` where the text says so.
    package let baseModelType: String?

    /// Understands one of CivitAI's own words, or a name of the table; nil for anything else.
    ///
    /// Only letters and digits count: `flux-1-dev`, `Flux.1-dev` and `FLUX.1 [dev]` are the same. Behind a slash stands
    /// the kind of model (Stability-AI/ModelSpec: README.md), which says something here only where the table has it.
    package init?(_ text: String) {
        guard let key = Self.key(text[...]) else { return nil }
        if let entry = BaseModelTable.entries[key] {
            self = entry
        } else if let slash = text.firstIndex(of: "/"), let key = Self.key(text[..<slash]),
            let entry = BaseModelTable.entries[key]
        {
            self = entry
        } else if text.hasPrefix("sdxl_") {
            // AUTOMATIC1111/stable-diffusion-webui: extensions-builtin/Lora/network.py
            self.init("SDXL 1.0", isPlain: true)
        } else {
            return nil
        }
    }

    init(_ word: String, isPlain: Bool, baseModelType: String? = nil) {
        self.word = word
        self.isPlain = isPlain
        self.baseModelType = baseModelType
    }

    /// Letters and digits of a short ASCII text, in lower case.
    static func key(_ text: Substring) -> String? {
        guard text.utf8.count <= 128, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let key = text.lowercased().filter { $0.isLetter || $0.isNumber }
        return key.isEmpty ? nil : key
    }
}
