internal import JSON

/// Reads how an image was made out of its `meta`, whose keys are whatever the program that made it wrote.
enum GenerationParameters {
    private static let maximumCount = 64
    private static let maximumKeyLength = 128
    private static let maximumValueLength = 16 << 10
    /// What must not be crowded out by the rest.
    private static let important = [
        "prompt", "negativePrompt", "sampler", "scheduler", "steps", "cfgScale", "seed", "Size", "Model", "Model hash",
        "clipSkip", "Clip skip", "Version", "VAE", "Denoising strength",
    ]
    /// Whole workflows, and what is read as resources; in lower case.
    private static let leftOut: Set<String> = [
        "comfy", "comfyui", "workflow", "extra_pnginfo", "resources", "civitairesources", "additionalresources",
        "hashes",
    ]

    /// Each value as its text; nil when there is none.
    static func read(_ meta: JSONValue) -> [String: String]? {
        var parameters: [String: String] = [:]
        for name in important {
            if let value = meta[name], !isWorkflow(name, value), let text = text(value) { parameters[name] = text }
        }
        for member in meta.members where parameters.count < maximumCount {
            guard (1...maximumKeyLength).contains(member.name.utf8.count), !member.name.utf8.contains(0),
                parameters[member.name] == nil, !isWorkflow(member.name, member.value),
                let text = text(member.value)
            else { continue }
            parameters[member.name] = text
        }
        return parameters.isEmpty ? nil : parameters
    }

    /// ComfyUI's `prompt` is one, too.
    private static func isWorkflow(_ name: String, _ value: JSONValue) -> Bool {
        leftOut.contains(name.lowercased()) || name == "prompt" && value.isObject
    }

    /// A text is cut where it is too long; of an object a part would be of no use.
    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: return nil
        case .string: return value.text.map(cut)
        case .bool, .integer, .decimal, .number: return JSONText.text(of: value)
        case .array(let elements) where elements.isEmpty: return nil
        case .object(let members) where members.isEmpty: return nil
        case .array, .object:
            let text = JSONText.text(of: value)
            return text.utf8.count <= maximumValueLength ? text : nil
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maximumValueLength else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: maximumValueLength)
        // Not within a character's bytes.
        while String.Index(end, within: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
