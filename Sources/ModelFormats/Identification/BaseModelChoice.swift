/// Which name of a base model is believed, of several in CivitAI's words.
package enum BaseModelChoice {
    private static let architectures: [String: Architecture] = {
        var table: [String: Architecture] = [:]
        for architecture in Architecture.allCases {
            for word in architecture.words { table[word] = architecture }
        }
        return table
    }()

    /// Whether a word says more than its architecture does.
    package static func isSpecific(_ word: String) -> Bool {
        if ["Other", "Unknown", ""].contains(word) { return false }
        guard let architecture = architectures[word] else { return true }
        return architecture.words.first != word
    }

    /// The name to believe, and whose it is (nil: the content's own).
    ///
    /// Content fixes the architecture. Within it the first specific name wins, in the order of belief in which the
    /// candidates come; a name that the content excludes is not believed. Words that are not known pass, so callers
    /// give those of CivitAI only. Without the content's verdict the first name that says anything wins.
    package static func choose<Source>(
        content: Identification, candidates: [(name: String, source: Source)]
    ) -> (name: String, source: Source?)? {
        let believed = candidates.filter { isPossible($0.name, content) }
        if let first = believed.first(where: { isTelling($0.name, content) }), first.name != content.baseModel {
            return (first.name, first.source)
        }
        if let name = content.baseModel { return (name, nil) }
        let first =
            believed.first { !["Other", "Unknown", ""].contains($0.name) }
            ?? believed.first { $0.name == "Other" }
        return first.map { ($0.name, $0.source) }
    }

    /// Whether a word says more than the content does.
    private static func isTelling(_ word: String, _ content: Identification) -> Bool {
        isSpecific(word)
            || content.architecture != nil && architectures[word].map { $0 != content.architecture } ?? false
    }

    private static func isPossible(_ word: String, _ content: Identification) -> Bool {
        guard let architecture = architectures[word] else { return true }
        if !content.baseModelCandidates.isEmpty { return content.baseModelCandidates.contains(word) }
        return content.architecture == nil || content.architecture == architecture
    }
}
