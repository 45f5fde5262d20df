internal import IndexAPI

/// A model of CivitAI as labelled lines for people; what is unknown is left out.
struct ModelDescription {
    private(set) var rows: [(label: String, value: String)] = []

    init(_ model: ModelAnswer) {
        add("Name", model.name)
        add("Type", model.type)
        add("Creator", model.creator)
        add("Page", model.pageURL)
        add("Gone since", model.goneSince.map { localDayText($0) })
        add("Tags", list(model.tags))
        add("NSFW level", model.nsfwLevel.map(String.init))
        add("Licence", list(terms(model.licence)))
        add("Figures", list(figures(model.stats)))
    }

    private func terms(_ licence: ModelLicence) -> [String] {
        var terms: [String] = []
        if let free = licence.allowNoCredit { terms.append(free ? "no credit needed" : "credit needed") }
        let uses = licence.allowCommercialUse.filter { $0 != "None" }
        if !uses.isEmpty {
            terms.append("commercial use: " + uses.joined(separator: ", "))
        } else if licence.allowCommercialUse != [] || licence.allowNoCredit != nil {
            terms.append("no commercial use")
        }
        if let allowed = licence.allowDerivatives { terms.append(allowed ? "derivatives allowed" : "no derivatives") }
        if let allowed = licence.allowDifferentLicense {
            terms.append(allowed ? "another licence allowed" : "under the same licence only")
        }
        return terms
    }

    private func figures(_ stats: ModelStatistics) -> [String] {
        [
            (stats.downloadCount, "downloads"), (stats.thumbsUpCount, "thumbs up"),
            (stats.thumbsDownCount, "thumbs down"), (stats.commentCount, "comments"),
            (stats.tippedAmountCount, "Buzz in tips"),
        ].compactMap { number, word in number.map { "\($0) \(word)" } }
    }

    private mutating func add(_ label: String, _ value: String?) {
        if let value { rows.append((label, value)) }
    }

    private func list(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: "; ") }
}
