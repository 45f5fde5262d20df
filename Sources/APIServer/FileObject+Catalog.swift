internal import Catalog
internal import FoundationEssentials
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

extension FileObject {
    /// A file of the catalogue as the API shows it.
    init(_ file: FileDetails, _ circumstances: FileCircumstances) {
        self.init(
            id: file.id, path: file.path.description, pathBase64: file.path.base64UnlessUTF8,
            name: escapedText(file.path.name), root: file.root.description, folder: escapedText(file.folder),
            size: file.size, modifiedAt: Timestamp.text(nanoseconds: file.modified),
            state: file.state == .pending && circumstances.reading.contains(file.id)
                ? "hashing" : file.state.rawValue)
        type = file.identity.type
        typeSource = file.identity.typeSource
        baseModel = file.identity.baseModel
        baseModelSource = file.identity.baseModelSource
        baseModelType = file.identity.baseModelType
        format = file.header.format
        error = file.error
        sha256 = file.digests.sha256
        hashes = FileHashes(file.digests)
        header = FileHeader(file.header)
        part = file.part.map { FilePart(index: $0.index, count: $0.count, complete: $0.isComplete) }
        user = UserFields(file)
        civitai = CivitaiLink(file, isAsking: circumstances.isAskingCivitAI)
        (trainedWords, trainedWordsSource) = file.triggers
        trainedOn = TrainedOn(file)
        preview = PreviewReference(file)
        hardLinks = file.links
        symlink = file.isSymbolicLink
        copies = file.copies.map(\.description)
    }

    /// What only an answer about one file shows.
    mutating func show(_ extras: ContentExtras) {
        metadata = Dictionary(extras.metadata.map { ($0.key, $0.value) }) { $1 }
        topTags = extras.topTags.map { TagCount(tag: $0.tag, count: $0.count) }
        pickle = extras.pickleImports.map { PickleReport(imports: $0, dangerous: extras.dangerousImports) }
    }
}

extension UserFields {
    /// What was said of the content itself goes before what programs have written down beside it.
    fileprivate init(_ file: FileDetails) {
        self.init()
        let told = file.sidecars.first { $0.source == .user }
        description = told?.description
        notes = file.user.notes ?? told?.notes
        activationText = told?.activationText
        negativeText = told?.negativeText
        preferredWeight = file.user.preferredWeight ?? told?.preferredWeight
    }
}

extension TrainedOn {
    /// nil for a file that does not say what it was trained on.
    fileprivate init?(_ file: FileDetails) {
        let header = file.header
        guard header.trainedOnSHA256 != nil || header.trainedOnName != nil else { return nil }
        self.init(
            sha256: header.trainedOnSHA256, name: header.trainedOnName, path: file.trainedOnPath?.description)
    }
}

extension PreviewReference {
    /// An image beside the file goes before one that was fetched, and that before the one in the file.
    fileprivate init?(_ file: FileDetails) {
        guard file.preview != nil || file.cachedPreview != nil || file.header.hasThumbnail else { return nil }
        let cached = file.preview == nil ? file.cachedPreview : nil
        self.init(
            source: file.preview != nil ? "beside" : cached != nil ? "cache" : "embedded",
            path: file.preview?.description, url: "\(APIRoute.prefix)files/\(file.id)/preview",
            nsfwLevel: cached?.nsfwLevel.map { Int(clamping: $0) },
            type: file.preview.map { PreviewImage.isFilm(name: $0.name) } == true ? "video" : "image")
    }
}

extension FileHashes {
    /// CivitAI's spelling: upper case.
    fileprivate init(_ digests: StoredDigests) {
        self.init()
        sha256 = digests.sha256?.uppercased()
        autoV1 = digests.autoV1?.uppercased()
        autoV2 = digests.autoV2?.uppercased()
        autoV3 = digests.autoV3?.uppercased()
        crc32 = digests.crc32?.uppercased()
        blake3 = digests.blake3?.uppercased()
    }
}

extension FileHeader {
    /// Nil for a file whose header was not read or says nothing.
    fileprivate init?(_ header: StoredHeader) {
        guard header.size != nil || header.tensorCount != nil else { return nil }
        self.init()
        size = header.size.map { Int64(clamping: $0) }
        tensorCount = header.tensorCount.map(Int64.init)
        parameterCount = header.parameterCount.map { Int64(clamping: $0) }
        dtypes = header.tensorCount == nil ? nil : header.dtypes.mapValues(Int64.init)
        architecture = header.architecture
        quantization = header.quantization
        prediction = header.prediction
        components = header.components.isEmpty ? nil : header.components
    }
}

extension FilePath {
    /// The path's bytes in base64 where its text does not tell them.
    var base64UnlessUTF8: String? { isUTF8 ? nil : Data(bytes).base64EncodedString() }
}
