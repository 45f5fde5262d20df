internal import IndexAPI

/// A file as labelled lines for people; what is unknown is left out.
struct FileDescription {
    private(set) var rows: [(label: String, value: String)] = []

    init(_ file: FileObject, now: Int64) {
        add("Path", file.path)
        add("Id", String(file.id))
        add("Root", file.root)
        add("State", file.state)
        add("Error", file.error)
        add("Type", with(file.typeSource, file.type))
        add("Base model", with(file.baseModelSource, file.baseModel))
        add("Variant", file.baseModelType)
        add("Format", file.format)
        add("Size", file.size < 1024 ? sizeText(file.size) : "\(sizeText(file.size)) (\(file.size) B)")
        add("Modified", "\(file.modifiedAt) (\(ageText(file.modifiedAt, now: now)))")
        addHashes(file)
        addHeader(file)
        if let part = file.part {
            add("Part", "\(part.index) of \(part.count)\(part.complete ? "" : ", not all are there")")
        }
        add("Trained words", with(file.trainedWordsSource, list(file.trainedWords)))
        add("Trained on", file.trainedOn.flatMap { $0.path ?? $0.name ?? $0.sha256 })
        add("Tags", file.topTags.flatMap { list($0.map { "\($0.tag) (\($0.count))" }) })
        add("Imports", file.pickle.flatMap { list($0.imports) })
        add("Dangerous", file.pickle.flatMap { list($0.dangerous) })
        addUser(file.user)
        add("Preview", file.preview.map { $0.path ?? ($0.source == "cache" ? "from CivitAI" : "in the file itself") })
        if file.hardLinks > 1 { add("Hard links", String(file.hardLinks)) }
        if file.symlink { add("Link", "a symbolic link") }
        for copy in file.copies { add("Copy", copy) }
        addCivitai(file.civitai)
        for (key, value) in (file.metadata ?? [:]).sorted(by: { $0.key < $1.key }) {
            add("  " + key, value.count > 200 ? String(value.prefix(200)) + "…" : value)
        }
    }

    /// What a person may say of a file, as it is now.
    init(told file: FileObject) {
        add("Path", file.path)
        add("Type", with(file.typeSource, file.type))
        add("Base model", with(file.baseModelSource, file.baseModel))
        add("Trained words", with(file.trainedWordsSource, list(file.trainedWords)))
        add("Notes", file.user.notes)
        add("Weight", file.user.preferredWeight.map(numberText))
    }

    private mutating func addHashes(_ file: FileObject) {
        add("SHA256", file.sha256)
        add("AutoV1", file.hashes.autoV1)
        add("AutoV2", file.hashes.autoV2)
        add("AutoV3", file.hashes.autoV3)
        add("CRC32", file.hashes.crc32)
        add("BLAKE3", file.hashes.blake3)
    }

    private mutating func addHeader(_ file: FileObject) {
        guard let header = file.header else { return }
        add("Architecture", header.architecture)
        add("Quantization", header.quantization)
        add("Prediction", header.prediction)
        add("Components", header.components.flatMap(list))
        add("Tensors", header.tensorCount.map(String.init))
        add("Parameters", header.parameterCount.map(String.init))
        let types = (header.dtypes ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        add("Element types", list(types.map { "\($0.key) (\($0.value))" }))
    }

    private mutating func addUser(_ user: UserFields) {
        add("Description", user.description)
        add("Notes", user.notes)
        add("Activation", user.activationText)
        add("Negative", user.negativeText)
        add("Weight", user.preferredWeight.map(numberText))
    }

    private mutating func addCivitai(_ civitai: CivitaiLink) {
        add("CivitAI", stateText(civitai))
        if civitai.source == "sidecar" { add("Told by", "a sidecar") }
        if civitai.role == "component" { add("Role", "a component of the version, not what that is about") }
        add("Model", numbered(civitai.modelName, civitai.modelID))
        add("Version", numbered(civitai.versionName, civitai.versionID))
        add("Creator", civitai.creator)
        add("Page", civitai.pageURL)
        add("Answered", civitai.checkedAt.map(localTimeText))
        add("Next check", civitai.nextCheckAt.map(localTimeText))
    }

    /// A name with its number, by which other commands take it.
    private func numbered(_ name: String?, _ number: Int64?) -> String? {
        guard let number else { return name }
        return name.map { "\($0) (\(number))" } ?? String(number)
    }

    private mutating func add(_ label: String, _ value: String?) {
        if let value { rows.append((label, value)) }
    }

    private func with(_ source: String?, _ value: String?) -> String? {
        guard let value else { return nil }
        return source.map { "\(value) (by \($0))" } ?? value
    }

    private func list(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: ", ") }
}
