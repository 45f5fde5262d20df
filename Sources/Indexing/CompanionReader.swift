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
    ///
    /// - Throws: what keeps them from being read for now. One that may not be read, or is gone, says nothing.
    func read(
        _ files: [FoundFile]
    ) throws(SystemError) -> (sidecars: [SidecarRecord], preview: [UInt8]?) {
        var sidecars: [SidecarRecord] = []
        var previews: [(rank: Int, file: FoundFile)] = []
        for file in files {
            guard let role = CompanionName.readings(of: file.name).first(where: { $0.stem == stem })?.role else {
                continue
            }
            if case .preview(let rank) = role {
                previews.append((rank, file))
            } else if let bytes = try bytes(of: file, limit: Sidecar.maximumSize) {
                sidecars += Self.records(Sidecar(role, bytes), role, file.name)
            }
        }
        previews.sort { $0.rank < $1.rank }
        var preview: [UInt8]?
        for (_, file) in previews where preview == nil {
            guard file.status.size <= PreviewImage.maximumSize else { continue }
            let start = try bytes(of: file, limit: PreviewFormat.prefixSize, isPrefix: true)
            if let start, PreviewFormat.mediaType(of: start) != nil { preview = file.name }
        }
        return (sidecars.sorted { $0.rank < $1.rank }, preview)
    }

    /// All bytes of a file, or its first ones; nil for one that is too long or cannot be read by this process.
    private func bytes(
        of file: FoundFile, limit: Int, isPrefix: Bool = false
    ) throws(SystemError) -> [UInt8]? {
        let path = FilePath.root.appending(file.name)
        do throws(SystemError) {
            // What the name leads to was looked at; another link in its place is not followed.
            let descriptor = try FileDescriptor.openAt(
                file.target == nil ? directory : AT_FDCWD, file.target?.bytes ?? file.name,
                O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, shown: path)
            let status = try descriptor.status()
            guard status.kind == .regular, isPrefix || status.size <= limit else { return nil }
            return try descriptor.read(upTo: min(limit, Int(clamping: status.size)), at: 0, shown: path)
        } catch {
            switch error.errno {
            case .noEntry, .notDirectory, .accessDenied, .tooManyLinks: return nil
            default: throw error
            }
        }
    }

    private static func records(
        _ sidecar: Sidecar, _ role: CompanionName.Role, _ name: [UInt8]
    ) -> [SidecarRecord] {
        let rank = rank(of: role)
        return [
            sidecar.user.map { SidecarRecord($0, rank: rank, name: name) },
            sidecar.civitai.map { SidecarRecord($0, rank: rank, name: name) },
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
    /// Longer texts are cut: nobody writes so much, and many sidecars are held at once.
    private static let longestText = 16 << 10
    private static let longestWord = 1 << 10
    private static let mostWords = 64

    private static func shortened(_ text: String?, _ limit: Int = longestText) -> String? {
        guard let text, text.utf8.count > limit else { return text }
        return String(text.unicodeScalars.prefix(limit / 4)) + "…"
    }

    fileprivate init(_ part: SidecarUserPart, rank: Int, name: [UInt8]) {
        self.init(source: .user, rank: rank, name: name)
        baseModel = part.baseModel?.word
        description = Self.shortened(part.description)
        notes = Self.shortened(part.notes)
        activationText = Self.shortened(part.activationText)
        negativeText = Self.shortened(part.negativeText)
        preferredWeight = part.preferredWeight
    }

    fileprivate init(_ part: SidecarCivitaiPart, rank: Int, name: [UInt8]) {
        self.init(source: .civitai, rank: rank, name: name)
        type = part.type?.rawValue
        baseModel = Self.shortened(part.baseModel, Self.longestWord)
        modelID = part.modelID
        versionID = part.versionID
        modelName = Self.shortened(part.modelName, Self.longestWord)
        versionName = Self.shortened(part.versionName, Self.longestWord)
        modelType = Self.shortened(part.modelType, Self.longestWord)
        trainedWords = part.trainedWords.prefix(Self.mostWords).compactMap { Self.shortened($0, Self.longestWord) }
        creator = Self.shortened(part.creator, Self.longestWord)
        nsfwLevel = part.nsfwLevel.map(Int64.init)
        pageURL = part.pageURL
        // The file beside it is one of these, if it says so of each.
        let digests = part.files.map { $0.sha256 ?? $0.autoV2 }
        if !digests.contains(nil), digests.count <= Self.mostWords { sha256 = digests.compactMap(\.self) }
        blake3 = part.files.count == 1 ? part.files.first?.blake3 : nil
    }
}
