internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// Reads the sidecars of a file, and chooses the image that is shown for it.
struct CompanionReader {
    /// Of the directory in which they lie, open.
    let directory: Int32
    /// The name of the file without its ending.
    let stem: [UInt8]

    /// The sidecars that say something, in order of belief, and the name of the image.
    func read(_ files: [FoundFile]) -> (sidecars: [SidecarRecord], preview: [UInt8]?) {
        var sidecars: [SidecarRecord] = []
        var preview: (rank: Int, name: [UInt8])?
        for file in files {
            guard let role = CompanionName.readings(of: file.name).first(where: { $0.stem == stem })?.role else {
                continue
            }
            if case .preview(let rank) = role {
                if file.status.size > 0, rank < preview?.rank ?? .max { preview = (rank, file.name) }
            } else {
                sidecars += records(of: file, role)
            }
        }
        return (sidecars.sorted { $0.rank < $1.rank }, preview?.name)
    }

    private func records(of file: FoundFile, _ role: CompanionName.Role) -> [SidecarRecord] {
        guard file.status.size <= Sidecar.maximumSize,
            let descriptor = try? FileDescriptor.openAt(
                directory, file.name, O_RDONLY | O_NONBLOCK | O_NOCTTY, shown: FilePath.root.appending(file.name)),
            let status = try? descriptor.status(), status.kind == .regular, status.size <= Sidecar.maximumSize,
            let bytes = try? descriptor.read(
                upTo: Int(status.size), at: 0, shown: FilePath.root.appending(file.name))
        else { return [] }
        let sidecar = Sidecar(role, bytes)
        let rank = Self.rank(of: role)
        return [
            sidecar.user.map { SidecarRecord($0, rank: rank, name: file.name) },
            sidecar.civitai.map { SidecarRecord($0, rank: rank, name: file.name) },
        ].compactMap(\.self)
    }

    /// What a program for making images wrote is the user's own; of those that ask CivitAI, the ones that keep its
    /// whole answer come first.
    private static func rank(of role: CompanionName.Role) -> Int {
        switch role {
        case .userNotes: 0
        case .civitaiInfo: 1
        case .civitaiJSON: 2
        case .loraManager: 3
        case .stabilityMatrix: 4
        case .preview: 5
        }
    }
}

extension SidecarRecord {
    fileprivate init(_ part: SidecarUserPart, rank: Int, name: [UInt8]) {
        self.init(source: .user, rank: rank, name: name)
        baseModel = part.baseModel?.word
        description = part.description
        notes = part.notes
        activationText = part.activationText
        negativeText = part.negativeText
        preferredWeight = part.preferredWeight
    }

    fileprivate init(_ part: SidecarCivitaiPart, rank: Int, name: [UInt8]) {
        self.init(source: .civitai, rank: rank, name: name)
        type = part.type?.rawValue
        baseModel = part.baseModel
        modelID = part.modelID
        versionID = part.versionID
        modelName = part.modelName
        versionName = part.versionName
        modelType = part.modelType
        trainedWords = part.trainedWords
        creator = part.creator
        nsfwLevel = part.nsfwLevel.map(Int64.init)
        pageURL = part.pageURL
        // Of several files only CivitAI knows which is meant.
        guard part.files.count == 1, let file = part.files.first else { return }
        sha256 = file.sha256 ?? file.autoV2
        blake3 = file.blake3
    }
}
