internal import DirectoryWatching
internal import LinuxSystem
internal import ModelFormats

/// What lies beside a file and says something of it: sidecars, images, the other parts of the same model.
struct FileCompanions {
    /// Sidecars and images, in bytewise order of their names.
    let sidecars: [FoundFile]
    /// The parts of the model that the file is one of; nil for a file that is a model by itself.
    let parts: ModelParts?
    /// What a look at the file goes by: the rules of this program, and what lies beside it.
    let look: Int64

    /// The lowest byte of a look: the rules, and whether the file was judged as a part of a model.
    private static let versionBits: Int64 = 0xFF
    private static let partBit: Int64 = 0x80

    init(sidecars: [FoundFile], parts: ModelParts?) {
        self.sidecars = sidecars
        self.parts = parts
        var hash = StableHash()
        for file in sidecars {
            hash.add(file)
            // Whoever may read it now could perhaps not before, and its time may have been put back.
            hash.add(file.status.changed)
        }
        if let parts { hash.add(parts.state) }
        look = Int64(bitPattern: hash.value << 8) | (parts == nil ? 0 : Self.partBit) | FileInspector.version
    }

    /// True when a look that went by `other` was taken by the rules of this program, and the file was and is judged by
    /// its own header alone: what is known of its bytes stands.
    func keepsHeader(of other: Int64?) -> Bool {
        guard let other else { return false }
        return parts == nil && other & Self.versionBits == FileInspector.version
    }
}

/// The parts of one model that are there.
struct ModelParts {
    let count: Int
    /// In their order.
    let files: [FoundFile]
    /// Another value when other parts are there, or one has changed. The same for every part.
    let state: Int64

    init(count: Int, files: [FoundFile]) {
        self.count = count
        self.files = files
        var hash = StableHash()
        for file in files { hash.add(file) }
        state = Int64(bitPattern: hash.value)
    }

    var isComplete: Bool { files.count == count }
}

/// What lies beside the files of one directory that was listed.
struct DirectoryCompanions {
    private var byStem: [[UInt8]: [FoundFile]] = [:]
    private var models: [PartName.Model: ModelParts] = [:]

    init(_ listed: ListedDirectory, mayBeRead: (FoundFile) -> Bool) {
        var parts: [PartName.Model: [(index: Int, file: FoundFile)]] = [:]
        for file in listed.files {
            if let part = PartName(file.name) { parts[part.model, default: []].append((part.index, file)) }
        }
        for (model, files) in parts {
            models[model] = ModelParts(
                count: model.count, files: files.sorted { $0.index < $1.index }.map(\.file))
        }
        for file in listed.companions where mayBeRead(file) {
            for reading in CompanionName.readings(of: file.name) { byStem[reading.stem, default: []].append(file) }
        }
    }

    func companions(of name: [UInt8]) -> FileCompanions {
        FileCompanions(
            sidecars: byStem.isEmpty ? [] : byStem[CompanionName.stem(ofModelFile: name)] ?? [],
            parts: models.isEmpty ? nil : PartName(name).flatMap { models[$0.model] })
    }
}

extension StableHash {
    fileprivate mutating func add(_ file: FoundFile) {
        add(file.name)
        add(file.status.size)
        add(file.status.modified)
    }
}
