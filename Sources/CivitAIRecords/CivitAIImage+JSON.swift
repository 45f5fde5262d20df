internal import JSON

extension CivitAIImage {
    /// Level bits for the words that images had before there were bits.
    ///
    /// The words are those of recorded answers; which bits they stand for is inferred from their order.
    private static let levels: [String: Int64] = ["None": 1, "Soft": 2, "Mature": 4, "X": 8]

    /// Reads an element of a version's `images`; nil for one without an address.
    init?(_ json: JSONValue) {
        guard let url = json["url"]?.text, url.utf8.count <= 4096 else { return nil }
        self.init(url: url)
        width = json["width"]?.count
        height = json["height"]?.count
        nsfwLevel = Self.level(json["nsfwLevel"]) ?? Self.level(json["nsfw"])
        type = json["type"]?.text
        blurHash = json["hash"]?.text
        hasMetadata = json["hasMeta"]?.bool
        hasPositivePrompt = json["hasPositivePrompt"]?.bool
        isMadeOnSite = json["onSite"]?.bool
        isMinor = json["minor"]?.bool
        isPersonOfInterest = json["poi"]?.bool
        availability = json["availability"]?.text
        remixOfID = json["remixOfId"]?.identifier
        guard let meta = json["meta"], meta.isObject else { return }
        parameters = GenerationParameters.read(meta)
        resources = GenerationResources.read(meta)
    }

    /// Bits, a word, or in the oldest answers whether it is for adults at all, which is taken for the strictest word.
    private static func level(_ json: JSONValue?) -> Int64? {
        if let word = json?.string { return levels[word] }
        if let isForAdults = json?.bool { return isForAdults ? levels["X"] : levels["None"] }
        return json?.count
    }
}
