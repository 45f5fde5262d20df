/// Zip archives, as PyTorch writes them since version 1.6: `<name>/data.pkl` is the object, `<name>/data/` has the
/// numbers; TorchScript adds its code and `constants.pkl`, exported programs have no `data.pkl` at all.
extension PyTorchReader {
    private static let maximumInterestingEntries = 2048
    private static let maximumDepth = 1
    /// Steps that it takes to look at a file in an archive.
    private static let openingCost: UInt64 = 100

    /// The entries of an archive that are looked into.
    private struct Layout {
        var pickles: [ZipEntry] = []
        var archives: [ZipEntry] = []
        /// The lists of the weights of exported programs.
        var weightLists: [ZipEntry] = []
        var isExportedProgram = false
        var hasMore = false

        mutating func add(_ entry: ZipEntry) {
            let name = entry.fileName
            func ends(_ suffix: StaticString) -> Bool {
                name.reversed().starts(with: suffix.description.utf8.reversed())
            }
            func isNamed(_ text: StaticString) -> Bool { name.elementsEqual(text.description.utf8) }
            guard pickles.count + archives.count + weightLists.count < PyTorchReader.maximumInterestingEntries else {
                hasMore = true
                return
            }
            if ends(".pkl") || ends(".pickle") {
                pickles.append(entry)
            } else if ends(".pt") || ends(".pth") || ends(".ckpt") || ends(".bin") {
                archives.append(entry)
            } else if ends("weights_config.json") {
                weightLists.append(entry)
            }
            // Files that only exported programs have (PyTorch: torch/export/__init__.py, torch/export/pt2_archive).
            if isNamed("archive_format") || isNamed("serialized_exported_program.json") { isExportedProgram = true }
        }

        /// The object of the file: PyTorch takes it from the outermost folder.
        var mainPickle: Int? {
            let candidates = pickles.indices.filter { pickles[$0].fileName.elementsEqual("data.pkl".utf8) }
            return candidates.min { pickles[$0].folderDepth < pickles[$1].folderDepth }
        }
    }

    mutating func readArchive() throws {
        var layout = Layout()
        guard allowance.spend(Self.openingCost + ZipDirectory.tailSize(fileSize: fileSize) / 64) else {
            imports.note(PickleImports.unexamined)
            return note(.invalid("it is one of too many zip archives in another"))
        }
        let directory = try ZipDirectory(fileSize: fileSize, read: fetch)
        guard allowance.spend(directory.size / 16) else {
            imports.note(PickleImports.unexamined)
            return note(.invalid("the zip archive has a directory of \(directory.size) bytes, which is too much"))
        }
        do {
            note(try directory.forEachEntry(read: fetch) { layout.add($0) })
        } catch let error as ModelFormatError {
            // PyTorch does not look beyond the number of entries that it expects.
            note(error)
        }
        if layout.hasMore { imports.note(PickleImports.unexamined) }

        var contents = ZipContents(fileSize: fileSize)
        let main = layout.mainPickle
        if let main { try readPickle(layout.pickles[main], &contents, isMain: true) }
        for index in layout.pickles.indices where index != main {
            try readPickle(layout.pickles[index], &contents, isMain: false)
        }
        if layout.isExportedProgram {
            for entry in layout.archives { try readInnerFile(entry, &contents) }
            for entry in layout.weightLists { try readWeightList(entry, &contents) }
        }
        note(contents.problem)
        if main == nil, !layout.isExportedProgram {
            note(.invalid("it is a zip archive, but not one of PyTorch: it holds no data.pkl"))
        }
    }

    // MARK: - Pickles

    private mutating func readPickle(_ entry: ZipEntry, _ contents: inout ZipContents, isMain: Bool) throws {
        guard var stream = try open(entry, &contents) else { return }
        let name = "the pickle " + ModelFormatError.quoted(entry.name)
        let pickle = try followPickle(&stream)
        if let fault = pickle.fault {
            note(problem(fault, in: name))
        } else if isMain {
            try take(pickle)
        }
        // Nothing that PyTorch writes or loads follows, but whoever loads it differently may go on.
        if pickle.fault == nil, stream.remaining > 0 {
            let next = try followPickle(&stream)
            if next.fault == nil, stream.remaining > 0 { imports.note(PickleImports.unexamined) }
            note(.invalid("something follows \(name)"))
        }
    }

    private mutating func open(_ entry: ZipEntry, _ contents: inout ZipContents) throws -> ByteStream? {
        switch try find(entry, &contents) {
        case .range(let range): stream(range)
        case .unpacked(let bytes): ByteStream(bytes)
        case nil: nil
        }
    }

    /// What an entry contains; nil when it cannot be read, which is noted.
    private mutating func find(_ entry: ZipEntry, _ contents: inout ZipContents) throws -> ZipContents.Contents? {
        do {
            guard allowance.spend(Self.openingCost) else {
                throw ZipContents.Fault(message: "it holds too many files to examine them all", isTooLarge: true)
            }
            return try contents.contents(of: entry, allowance: &allowance, read: fetch)
        } catch let fault as ZipContents.Fault {
            note(.invalid("the zip archive is damaged: " + fault.message))
            if fault.isTooLarge { imports.note(PickleImports.unexamined) }
            return nil
        }
    }

    // MARK: - Exported programs

    /// Exported programs hold whole PyTorch files: the weights, but also constants and examples of what goes in.
    private mutating func readInnerFile(_ entry: ZipEntry, _ contents: inout ZipContents) throws {
        // PyTorch packs none of them, and what is packed cannot be read in parts.
        guard depth < Self.maximumDepth, case .range(let range) = try find(entry, &contents) else {
            return imports.note(PickleImports.unexamined)
        }
        let name = String(decoding: entry.name, as: UTF8.self)
        let hasWeights = name.hasSuffix("serialized_state_dict.pt") || name.contains("data/weights/")
        var inner = PyTorchReader(inside: self, range, visit: hasWeights ? visit : nil)
        let header = try inner.read()
        take(inner, header, named: ModelFormatError.quoted(entry.name), hasWeights: hasWeights)
    }

    /// Newer ones hold bare numbers, and a list of what they are.
    private mutating func readWeightList(_ entry: ZipEntry, _ contents: inout ZipContents) throws {
        guard case .range(let range) = try find(entry, &contents) else { return }
        guard allowance.spend((range.upperBound - range.lowerBound) / 16) else {
            imports.note(PickleImports.unexamined)
            return note(.invalid("its lists of weights are too long"))
        }
        let text = TextStream(range: range, fetch: fetch)
        var list = ExportedWeights(JSONTokenizer(text))
        do {
            try addTensors { try list.forEachTensor($0) }
        } catch is ModelFormatError {
            note(.invalid("\(ModelFormatError.quoted(entry.name)) is no list of weights"))
        }
        if list.hasPickles { imports.note(PickleImports.unexamined) }
    }
}
