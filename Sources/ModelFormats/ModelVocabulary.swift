/// What people may call types and base models, in the words of the answers.
package enum ModelVocabulary {
    /// CivitAI's word for a base model that somebody has named by it in any case, or by a name that trainers and tools
    /// use; nil for anything else.
    package static func baseModel(_ name: String) -> String? {
        let wanted = name.trimmed.lowercased()
        return BaseModelTable.civitaiWords.first { $0.lowercased() == wanted } ?? BaseModelName(name.trimmed)?.word
    }

    /// True when a word of CivitAI's for models stands for a type.
    package static func isType(_ type: String, civitaiWord word: String) -> Bool {
        ModelType(civitaiWord: word)?.rawValue == type
    }
}
