internal import JSON

/// What the object in a PyTorch file is: the tensors of a model, perhaps wrapped in what training left.
struct PickledModel {
    /// Under which key a file has its model: the first that has tensors. ComfyUI (comfy/utils.py, `load_torch_file`) and
    /// most others: `state_dict`; spandrel (spandrel/__helpers/canonicalize.py): these but the last two. `module`:
    /// DeepSpeed. `ema`: ultralytics, which prefers it to `model` and keeps a whole model there.
    private static let wrappers: [StaticString] = [
        "model_state_dict", "state_dict", "params_ema", "params-ema", "params", "ema", "model", "net", "module",
    ]
    /// What all tensors may have in front of their names (spandrel, the same file).
    private static let prefixes = [Array("module.".utf8), Array("netG.".utf8)]
    private static let maximumWrappers = 3
    private static let longestWrapper = 16
    /// Values that are looked at.
    private static let maximumSteps = 300_000
    private static let maximumMetadataCount = 256
    private static let maximumMetadataBytes = 1 << 20
    private static let maximumListLength = 64
    /// What an element costs beside its bytes, of those that `maximumMetadataBytes` allows to look at.
    private static let elementCost = 16

    let root: PickleValue
    let memory: PickleMemory
    let imports: PickleImports
    private var steps = PickledModel.maximumSteps

    init(root: PickleValue, memory: PickleMemory, imports: PickleImports) {
        self.root = root
        self.memory = memory
        self.imports = imports
    }

    /// Shows the tensors of the model itself, not those of an optimiser or of an older copy beside it. Returns whether
    /// those were all.
    mutating func forEachTensor(_ visit: (Tensor) throws -> Void) throws -> Bool {
        let model = try unwrapped()
        let prefixLength = try commonPrefix(of: model).count
        return try walk(model) { name, type, shape in
            let shown = String(repairing: prefixLength == 0 ? name : Array(name.dropFirst(prefixLength)))
            try visit(Tensor(name: shown, dataType: type.rawValue, shape: shape))
            return true
        }
    }

    /// Goes through tensors until `visit` returns false; returns whether none was left out.
    private mutating func walk(
        _ value: PickleValue, visit: (_ name: [UInt8], TorchDataType, _ shape: [UInt64]) throws -> Bool
    ) throws -> Bool {
        var walk = TensorWalk(memory: memory, imports: imports, steps: steps)
        try walk.forEachTensor(in: value, visit: visit)
        steps = walk.steps
        return !walk.isCutShort
    }

    private mutating func commonPrefix(of model: PickleValue) throws -> [UInt8] {
        var prefix: [UInt8]?
        _ = try walk(model) { name, _, _ in
            let candidate = prefix ?? Self.prefixes.first { name.starts(with: $0) } ?? []
            prefix = name.starts(with: candidate) ? candidate : []
            return prefix?.isEmpty == false
        }
        return prefix ?? []
    }

    // MARK: - Wrappers

    private mutating func unwrapped() throws -> PickleValue {
        var model = root
        for _ in 0..<Self.maximumWrappers {
            guard let inner = try contents(of: model) else { break }
            model = inner
        }
        return model
    }

    private mutating func contents(of value: PickleValue) throws -> PickleValue? {
        guard case .dictionary(let dictionary) = value else { return nil }
        let found = wrapped(in: dictionary)
        for (wrapper, inner) in zip(Self.wrappers, found) {
            switch inner {
            // An average that is kept for training has other names.
            case .dictionary where wrapper.description == "ema": continue
            case .dictionary, .object: if try hasTensor(inner) { return inner }
            default: continue
            }
        }
        // A dictionary alone in another (ComfyUI and spandrel unwrap it too), but for that of an embedding.
        var cursor = memory.cursor(dictionary)
        guard let key = memory.next(&cursor), let only = memory.next(&cursor), memory.next(&cursor) == nil,
            case .dictionary = only, memory.bytes(of: key) != nil, !memory.isText(key, "string_to_param"),
            try hasTensor(only)
        else { return nil }
        return only
    }

    /// The values of the known keys, of several the last.
    private func wrapped(in dictionary: UInt32) -> [PickleValue] {
        var found = [PickleValue](repeating: .none, count: Self.wrappers.count)
        var cursor = memory.cursor(dictionary)
        while let key = memory.next(&cursor), let value = memory.next(&cursor) {
            guard let name = memory.bytes(of: key), name.count <= Self.longestWrapper,
                let index = Self.wrappers.firstIndex(where: { memory.isText(key, $0) })
            else { continue }
            found[index] = value
        }
        return found
    }

    private mutating func hasTensor(_ value: PickleValue) throws -> Bool {
        var found = false
        _ = try walk(value) { _, _, _ in
            found = true
            return false
        }
        return found
    }

    // MARK: - Metadata

    /// The texts, numbers and short lists beside the model, such as `name` and `step` of an embedding.
    var metadata: [(key: String, value: String)] {
        guard case .dictionary(let dictionary) = root else { return [] }
        var collector = MetadataCollector(budget: Self.maximumMetadataBytes)
        var cursor = memory.cursor(dictionary)
        // Many keys may have the same long text, and lists of it.
        var remaining = 2 * Self.maximumMetadataBytes
        while collector.entries.count < Self.maximumMetadataCount, let key = memory.next(&cursor),
            let value = memory.next(&cursor)
        {
            guard let name = memory.bytes(of: key), Self.isShown(value) else { continue }
            remaining -= name.count + cost(value)
            guard remaining >= 0 else { break }
            guard let text = memory.bytes(of: value).map(Array.init) ?? json(value) else { continue }
            collector.add(key: Array(name), value: text)
        }
        return collector.entries
    }

    private static func isShown(_ value: PickleValue) -> Bool {
        switch value {
        case .boolean, .integer, .wideInteger, .float, .text, .sequence: true
        default: false
        }
    }

    /// Bytes that have to be looked at to show a value.
    private func cost(_ value: PickleValue) -> Int {
        memory.elements(value, limit: Self.maximumListLength + 1).reduce(memory.bytes(of: value)?.count ?? 0) {
            $0 + Self.elementCost + (memory.bytes(of: $1)?.count ?? 0)
        }
    }

    private func json(_ value: PickleValue) -> [UInt8]? {
        if let scalar = scalar(value) { return Array(scalar.utf8) }
        let elements = memory.elements(value, limit: Self.maximumListLength + 1)
        let texts = elements.compactMap { element in
            memory.bytes(of: element).map { JSONText.string(String(decoding: $0, as: UTF8.self)) } ?? scalar(element)
        }
        guard !texts.isEmpty, texts.count == elements.count, texts.count <= Self.maximumListLength else { return nil }
        return Array(("[" + texts.joined(separator: ",") + "]").utf8)
    }

    private func scalar(_ value: PickleValue) -> String? {
        switch value {
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .wideInteger(let index): String(memory.wideIntegers[Int(index)])
        // JSON has no name for the numbers that are not finite.
        case .float(let index): memory.floats[Int(index)].isFinite ? String(memory.floats[Int(index)]) : nil
        default: nil
        }
    }
}
