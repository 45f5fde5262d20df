package import Catalog
internal import ModelFormats

extension CatalogReader {
    /// The word for a base model as answers spell it, by a name that people use: of CivitAI's list, or one that a version
    /// there has; nil for anything else.
    package func baseModel(named name: String) throws -> String? {
        try ModelVocabulary.baseModel(name) ?? usedBaseModel(name)
    }

    /// CivitAI's words for models of a type, of those that known models have.
    package func civitaiTypes(ofType type: String) throws -> [String] {
        try usedModelTypes().filter { ModelVocabulary.isType(type, civitaiWord: $0) }
    }
}
