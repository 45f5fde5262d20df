internal import Catalog
internal import FoundationEssentials
internal import IndexAPI
internal import LinuxSystem

extension FileObject {
    /// A file of the catalogue as the API shows it.
    ///
    /// - Parameter isBeingRead: true while a worker reads the file, which only the pipeline knows.
    init(_ file: FileDetails, isBeingRead: Bool) {
        self.init(
            id: file.id, path: file.path.description, pathBase64: file.path.base64UnlessUTF8,
            name: escapedText(file.path.name), root: file.root.description, folder: escapedText(file.folder),
            size: file.size, modifiedAt: Timestamp.text(nanoseconds: file.modified),
            state: file.state == .pending && isBeingRead ? "hashing" : file.state.rawValue)
        type = file.type
        typeSource = file.typeSource
        format = file.format
        error = file.error
        sha256 = file.digests.sha256
        hashes = FileHashes(file.digests)
        header = FileHeader(file)
        hardLinks = file.links
        symlink = file.isSymbolicLink
        copies = file.copies.map(\.description)
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
    fileprivate init?(_ file: FileDetails) {
        guard let size = file.headerSize else { return nil }
        self.init()
        self.size = Int64(clamping: size)
        tensorCount = file.tensorCount.map(Int64.init)
        parameterCount = file.parameterCount.map { Int64(clamping: $0) }
        dtypes = file.tensorCount == nil ? nil : file.dtypes.mapValues(Int64.init)
    }
}

extension FilePath {
    /// The path's bytes in base64 where its text does not tell them.
    var base64UnlessUTF8: String? { isUTF8 ? nil : Data(bytes).base64EncodedString() }
}
