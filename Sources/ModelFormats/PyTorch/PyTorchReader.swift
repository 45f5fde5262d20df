/// What the readers of both kinds of PyTorch files share: where bytes come from, what has been found, and what may
/// still be spent.
struct PyTorchReader {
    static let beginningSize: UInt64 = 512

    /// What may still be spent on a file and all that is inside it.
    struct Allowance {
        /// Instructions of pickles, and what else takes as long as some of them. They are enough for 20,000 tensors.
        var steps = 700_000
        /// Bytes of pickles that are read, without what is skipped.
        var pickleBytes = 64 << 20

        /// Takes steps; false, and nothing is taken, when there are not so many.
        mutating func spend(_ cost: UInt64) -> Bool {
            guard cost <= UInt64(steps) else { return false }
            steps -= Int(cost)
            return true
        }
    }

    let fileSize: UInt64
    let fetch: (UInt64, Int) throws -> [UInt8]
    let visit: ((Tensor) throws -> Void)?
    /// How many files of its kind this one lies in.
    private(set) var depth: Int
    var header: ModelHeader
    var imports = PickleImports()
    var allowance = Allowance()
    /// Whether anything in it was taken for a pickle.
    var hasPickle = false
    /// nil as long as no model has been read.
    private var summary: TensorSummary?
    /// Whether some tensors were not found.
    private var isCutShort = false

    init(
        fileSize: UInt64, visit: ((Tensor) throws -> Void)?, fetch: @escaping (UInt64, Int) throws -> [UInt8]
    ) {
        header = ModelHeader(format: .pickle)
        self.fileSize = fileSize
        self.visit = visit
        self.fetch = fetch
        depth = 0
    }

    /// The reader of a file that is a part of this one.
    init(inside outer: PyTorchReader, _ range: Range<UInt64>, visit: ((Tensor) throws -> Void)?) {
        let fetch = outer.fetch
        self.init(fileSize: range.upperBound - range.lowerBound, visit: visit) { offset, count in
            try fetch(range.lowerBound + offset, count)
        }
        allowance = outer.allowance
        depth = outer.depth + 1
    }

    /// Reads the file and returns what it says. Throws only what `fetch` and `visit` throw.
    mutating func read() throws -> ModelHeader {
        do {
            if fileSize == 0 { throw ModelFormatError(.empty, "the file is empty") }
            let beginning = try fetch(0, Int(min(fileSize, Self.beginningSize)))
            // PyTorch tells its two formats apart by this too (torch/serialization.py, `_is_zipfile`).
            if beginning.starts(with: FirstBytes.zip) {
                header.format = .pytorch
                noteTar(beginning)
                try readArchive()
            } else {
                noteTar(beginning)
                try readStream(beginning: beginning)
                try noteArchiveAtEnd()
            }
        } catch let error as ModelFormatError {
            note(error)
        }
        if let summary, !isCutShort {
            header.tensorCount = summary.count
            header.parameterCount = summary.parameterCount
            header.dataTypes = summary.dataTypes
        }
        if hasPickle || !imports.isEmpty { header.pickle = imports.report }
        return header
    }

    /// Keeps the first thing that is wrong.
    mutating func note(_ problem: ModelFormatError?) {
        if header.problem == nil { header.problem = problem }
    }

    func stream(_ range: Range<UInt64>) -> ByteStream {
        ByteStream(range: range, allowance: allowance.pickleBytes, fetch: fetch)
    }

    // MARK: - Pickles

    /// A pickle that was followed as far as it goes.
    struct Pickle {
        let root: PickleValue
        let memory: PickleMemory
        let fault: PickleMachine.Fault?
    }

    /// Follows the pickle at which the stream stands, and leaves the stream behind it.
    mutating func followPickle(_ stream: inout ByteStream) throws -> Pickle {
        hasPickle = true
        var machine = PickleMachine(stream: stream, imports: imports, steps: allowance.steps)
        // Held by the machine alone, they need not be copied.
        imports = PickleImports()
        let fault = try machine.run()
        stream = machine.stream
        imports = machine.imports
        allowance.steps = machine.steps
        // Of streams in memory nothing is read.
        if stream.allowance != .max { allowance.pickleBytes = stream.allowance }
        if case .exhausted = fault { imports.note(PickleImports.unexamined) }
        return Pickle(root: machine.result, memory: machine.memory, fault: fault)
    }

    /// Takes the tensors and the metadata of a model, and shows the tensors.
    mutating func take(_ pickle: Pickle) throws {
        var model = PickledModel(root: pickle.root, memory: pickle.memory, imports: imports)
        header.metadata += model.metadata
        var isWhole = true
        try addTensors { add in isWhole = try model.forEachTensor(add) }
        guard isWhole else {
            isCutShort = true
            return note(.invalid("its tensors are nested too deeply, or there are too many, to find them all"))
        }
    }

    /// Counts and shows the tensors that `source` hands out.
    mutating func addTensors(_ source: ((Tensor) throws -> Void) throws -> Void) throws {
        var summary = summary ?? TensorSummary()
        try source { tensor in
            summary.add(tensor)
            try visit?(tensor)
        }
        self.summary = summary
    }

    /// Takes what a file inside this one is; its tensors have been shown.
    mutating func take(_ inner: PyTorchReader, _ header: ModelHeader, named name: String, hasWeights: Bool) {
        if hasWeights, let counted = inner.summary {
            var sum = summary ?? TensorSummary()
            sum.add(counted)
            summary = sum
        }
        allowance = inner.allowance
        if let pickle = header.pickle { imports.add(pickle) }
        if let problem = header.problem { note(.invalid("in \(name): \(problem.message)")) }
    }

    /// What a fault means for the file; `name` is how to call the pickle.
    func problem(_ fault: PickleMachine.Fault, in name: String) -> ModelFormatError {
        switch fault {
        case .ended: .invalid("\(name) ends too early")
        case .broken(let what): .invalid("\(name) is damaged: it \(what)")
        case .exhausted: .invalid("\(name) is too large to examine it to its end")
        }
    }
}
