internal import Catalog
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// A look at the header of a file, before anything is hashed: what it is, and whether it is all there.
struct FileInspector: Sendable {
    /// Raised whenever more can be told from the same bytes: every file is looked at again then, at the next start.
    static let version: Int64 = 1

    struct Result: Sendable {
        private(set) var description: ContentDescription
        /// The header promises more bytes than the file has: it may still be coming.
        let isIncomplete: Bool
        /// Length of the JSON of a safetensors header that was understood, for AutoV3.
        let safetensorsHeaderSize: UInt64?

        /// Says that something beside the file tells that it is unfinished, though nobody goes on with it.
        mutating func noteAbandoned(mark: [UInt8]) {
            let sentence = "The download was not finished: \(escapedText(mark)) lies beside it."
            description.message = description.message.map { $0 + " " + sentence } ?? sentence
        }
    }

    /// Reads only the header of an open file. Never throws: what is wrong becomes the content's message.
    ///
    /// - Parameter others: the tensors of the other parts of the same model, which say together what it is.
    static func inspect(
        _ file: borrowing FileDescriptor, size: Int64, path: FilePath, others: TensorTable = TensorTable()
    ) -> Result {
        guard let named = ModelFileFormat(name: path.name) else { return plain(nil, message: nil) }
        guard size > 0 else { return plain(named, message: "The file is empty.") }
        do {
            let inspection = try read(file, size: size, named, path)
            var tensors = inspection.tensors
            tensors.add(others)
            return result(of: inspection, tensors)
        } catch {
            // By no rules, so that it is described when it can be read.
            return plain(named, message: "Its header cannot be read: \(error).", version: 0)
        }
    }

    /// The first parts of a model tell what it is, also where it has hundreds.
    private static let partLimit = 32

    /// The tensors of files in an open directory.
    static func tensors(ofParts names: [[UInt8]], in directory: Int32) -> TensorTable {
        var tensors = TensorTable()
        for name in names.prefix(partLimit) { tensors.add(self.tensors(ofPart: name, in: directory)) }
        return tensors
    }

    /// None where they cannot be read.
    private static func tensors(ofPart name: [UInt8], in directory: Int32) -> TensorTable {
        let path = FilePath.root.appending(name)
        guard let format = ModelFileFormat(name: name),
            let file = try? FileDescriptor.openAt(
                directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, shown: path),
            let status = try? file.status(), status.kind == .regular
        else { return TensorTable() }
        return (try? read(file, size: status.size, format, path).tensors) ?? TensorTable()
    }

    private static func read(
        _ file: borrowing FileDescriptor, size: Int64, _ format: ModelFileFormat, _ path: FilePath
    ) throws -> ModelInspection {
        let number = file.number
        return try ModelInspection(named: format, fileSize: UInt64(size)) { offset, count in
            try readBytes(of: number, upTo: count, at: Int64(clamping: offset), shown: path)
        }
    }

    private static func plain(
        _ format: ModelFileFormat?, message: String?, version: Int64 = FileInspector.version
    ) -> Result {
        Result(
            description: ContentDescription(format: format?.rawValue, message: message, version: version),
            isIncomplete: false,
            safetensorsHeaderSize: nil)
    }

    private static func result(of inspection: ModelInspection, _ tensors: TensorTable) -> Result {
        let header = inspection.header
        var isIncomplete = false
        if case .incomplete = header.problem?.code { isIncomplete = true }
        let isUsable = header.format == .safetensors && header.tensorCount != nil && header.problem == nil
        return Result(
            description: ContentDescription(inspection, tensors), isIncomplete: isIncomplete,
            safetensorsHeaderSize: isUsable ? header.headerSize : nil)
    }
}

extension ContentDescription {
    /// - Parameter tensors: those of the whole model.
    fileprivate init(_ inspection: ModelInspection, _ tensors: TensorTable) {
        let header = inspection.header
        self.init(
            format: header.format.rawValue,
            message: header.problem.map { $0.message.prefix(1).uppercased() + $0.message.dropFirst() + "." },
            version: FileInspector.version)
        headerSize = header.headerSize
        tensorCount = header.tensorCount
        parameterCount = header.parameterCount
        dtypes = header.dataTypes
        metadata = header.metadata.map { Entry(key: $0.key, value: $0.value) }
        architecture = inspection.architecture
        quantization = inspection.quantization
        split = inspection.split.map { Split(index: $0.number + 1, count: $0.count) }
        pickleImports = header.pickle?.imports
        dangerousImports = header.pickle?.dangerous ?? []
        describe(Identification.identify(tensors, metadata: header.metadata))
        describe(EmbeddedMetadata(header.metadata))
    }

    private mutating func describe(_ identification: Identification) {
        type = identification.type?.rawValue
        baseModel = identification.baseModel
        possibleBaseModels = identification.baseModelCandidates
        modelArchitecture = identification.architecture?.rawValue
        baseModelType = identification.baseModelType
        prediction = identification.prediction
        components = identification.components
    }

    private mutating func describe(_ embedded: EmbeddedMetadata) {
        prediction = prediction ?? embedded.prediction
        embeddedType = embedded.type?.rawValue
        embeddedBaseModels = embedded.baseModels.map(\.word)
        embeddedWords = embedded.trainedWords
        topTags = embedded.topTags.map { Tag(tag: $0.tag, count: Int64(clamping: $0.count)) }
        trainedOnSHA256 = embedded.trainedOn?.sha256
        trainedOnName = embedded.trainedOn?.name
        hasThumbnail = embedded.thumbnail != nil
    }
}
