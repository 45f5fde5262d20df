internal import JSON

/// Zip archives, as PyTorch writes them since version 1.6: `<name>/data.pkl` is the object, `<name>/data/` has the
/// numbers; TorchScript adds its code and `constants.pkl`, exported programs have no `data.pkl` at all.
extension PyTorchReader {
    private static let maximumDepth = 1
    /// Steps that it takes to look at a file in an archive.
    private static let openingCost: UInt64 = 100

    mutating func readArchive() throws {
        var layout = ArchiveLayout()
        guard allowance.spend(Self.openingCost + ZipDirectory.tailSize(fileSize: fileSize) / 64) else {
            imports.note(PickleImports.unexamined)
            return note(.invalid("it is one of too many zip archives in another"))
        }
        let directory: ZipDirectory
        do {
            directory = try ZipDirectory(fileSize: fileSize, read: fetch)
        } catch let error as ModelFormatError {
            // What has no end is no archive for anybody; in what is damaged others may find a directory.
            if error.code == .invalid { imports.note(PickleImports.unexamined) }
            throw error
        }
        guard allowance.spend(directory.size / 16) else {
            imports.note(PickleImports.unexamined)
            return note(.invalid("the zip archive has a directory of \(directory.size) bytes, which is too much"))
        }
        do {
            noteDoubtful(try directory.forEachEntry(read: fetch) { layout.add($0) })
        } catch let error as ModelFormatError {
            // PyTorch does not look beyond the number of entries that it expects.
            noteDoubtful(error)
        }
        if !directory.isAdjacent {
            noteDoubtful(.invalid("the zip archive is damaged: its directory does not lie directly before its end"))
        }
        if layout.hasMore { imports.note(PickleImports.unexamined) }
        for code in layout.code { imports.note(code.rawValue) }

        var contents = ZipContents(fileSize: fileSize)
        let main = layout.mainPickle
        if let main { try readPickle(layout.pickles[main], &contents, isMain: true) }
        for index in layout.pickles.indices where index != main {
            try readPickle(layout.pickles[index], &contents, isMain: false)
        }
        for entry in layout.archives { try readInnerFile(entry, &contents, isExpected: layout.isExportedProgram) }
        for entry in layout.others { try readOther(entry, &contents) }
        if layout.isExportedProgram {
            for entry in layout.weightLists { try readWeightList(entry, &contents) }
        }
        noteDoubtful(contents.problem)
        if main == nil, !layout.isExportedProgram {
            note(.invalid("it is a zip archive, but not one of PyTorch: it holds no data.pkl"))
        }
    }

    /// Notes what may be read differently by others, so that it is not known what they load.
    private mutating func noteDoubtful(_ problem: ModelFormatError?) {
        guard let problem else { return }
        imports.note(PickleImports.unexamined)
        note(problem)
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

    /// Any other file: what begins like a pickle or an archive may be loaded as one.
    private mutating func readOther(_ entry: ZipEntry, _ contents: inout ZipContents) throws {
        guard let found = try find(entry, &contents) else { return }
        let beginning: [UInt8]
        switch found {
        case .range(let range):
            beginning = try fetch(range.lowerBound, Int(min(4, range.upperBound - range.lowerBound)))
        case .unpacked(let bytes): beginning = Array(bytes.prefix(4))
        }
        if beginning.starts(with: FirstBytes.zip) {
            return try readInnerFile(entry, &contents, isExpected: false)
        }
        guard beginning.count > 1, beginning[0] == PickleOpcode.proto.rawValue,
            beginning[1] <= PickleMachine.maximumProtocol
        else { return }
        var stream =
            switch found {
            case .range(let range): stream(range)
            case .unpacked(let bytes): ByteStream(bytes)
            }
        // Numbers may look like the beginning of a pickle, so a fault alone means nothing.
        if try followPickle(&stream).fault == nil, stream.remaining > 0 { imports.note(PickleImports.unexamined) }
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
                throw ZipContents.Fault(message: "it holds too many files to examine them all")
            }
            return try contents.contents(of: entry, allowance: &allowance, read: fetch)
        } catch let fault as ZipContents.Fault {
            // Others may be able to read it, or read something else.
            noteDoubtful(.invalid("the zip archive is damaged: " + fault.message))
            return nil
        }
    }

    // MARK: - Exported programs

    /// Exported programs hold whole PyTorch files: the weights, but also constants and examples of what goes in.
    private mutating func readInnerFile(
        _ entry: ZipEntry, _ contents: inout ZipContents, isExpected: Bool
    ) throws {
        // PyTorch packs none of them, and what is packed cannot be read in parts.
        guard depth < Self.maximumDepth, case .range(let range) = try find(entry, &contents) else {
            return imports.note(PickleImports.unexamined)
        }
        let name = String(decoding: entry.name, as: UTF8.self)
        let hasWeights = name.hasSuffix("serialized_state_dict.pt") || name.contains("data/weights/")
        var inner = PyTorchReader(inside: self, range, visit: hasWeights ? visit : nil)
        var header = try inner.read()
        // Of other archives it is not known what such names mean.
        if !isExpected, header.pickle == nil { header.problem = nil }
        take(inner, header, named: ModelFormatError.quoted(entry.name), hasWeights: hasWeights)
    }

    /// Newer ones hold bare numbers, and a list of what they are.
    private mutating func readWeightList(_ entry: ZipEntry, _ contents: inout ZipContents) throws {
        // PyTorch packs none of them.
        guard case .range(let range) = try find(entry, &contents) else {
            return imports.note(PickleImports.unexamined)
        }
        guard allowance.spend((range.upperBound - range.lowerBound) / 16) else {
            imports.note(PickleImports.unexamined)
            return note(.invalid("its lists of weights are too long"))
        }
        let text = TextStream(range: range, fetch: fetch)
        var list = ExportedWeights(JSONTokenizer(text))
        do {
            if ArchiveLayout.isConstantList(entry) {
                try list.forEachTensor { _ in }
            } else {
                try addTensors { try list.forEachTensor($0) }
            }
        } catch is ModelFormatError, is JSONError {
            noteDoubtful(.invalid("\(ModelFormatError.quoted(entry.name)) is no list of weights"))
        }
        if list.hasPickles { imports.note(PickleImports.unexamined) }
    }
}
