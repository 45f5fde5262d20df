/// The names that the pickles of a file import, and which of them are not known to be harmless.
struct PickleImports {
    /// Names whose texts the pickle itself computes.
    static let computed = "(computed)"
    /// What stands for the rest of a pickle that could not be followed.
    static let unexamined = "(not examined)"

    /// What the machine does with a name that it knows.
    enum Role {
        case other, attribute, reconstructor, orderedDictionary, dictionary, size, typeTag
        case numpyArray, numpyDataType
        /// Makes values of bytes; the place of the argument that is their type.
        case numpyBuffer(dataType: Int)
        case storage(TorchDataType)
        case dataType(TorchDataType)
        case rebuild(TensorRebuilding)
    }

    struct Entry {
        let module: String
        let name: String
        let use: KnownImports.Use
        let role: Role
        var isMisused = false
        /// For `getattr`: whether it was used as saved models do.
        var isUsedWell = false

        var isDangerous: Bool {
            switch use {
            case .none: true
            case .any, .asObject: isMisused
            case .attribute: isMisused || !isUsedWell
            }
        }

        /// Code of TorchScript, whose archives Python cannot load as pickles.
        var isScript: Bool { KnownImports.isScript(module) }
        /// One of Python's own types.
        var isPlainType: Bool { KnownImports.isPlainType(module, name) }
        var isPlainSet: Bool { isPlainType && (name == "set" || name == "frozenset") }
        /// Its objects hold any attributes.
        var isNamespace: Bool { name == "Namespace" || name == "SimpleNamespace" }
        /// Its objects append what they are given and do nothing else.
        var isList: Bool { isPlainType || isScript || (module == "collections" && name == "deque") }
        /// Its objects keep what they are given under its keys and do nothing else.
        var isDictionary: Bool {
            isPlainType || isScript || module == "collections" || KnownImports.isDictionary(module, name)
        }
    }

    private struct Key: Hashable {
        let module: ExactText
        let name: ExactText
    }

    private static let maximumCount = 4096
    private static let maximumBytes = 1 << 20
    private static let maximumShownLength = 256
    /// Of things without a name, which are compared with each other one by one.
    private static let maximumNotes = 256

    private(set) var entries: [Entry] = []
    private var indices: [Key: UInt32] = [:]
    private var bytes = 0
    /// What has no entry: names of other files inside this one, and what could not be followed.
    private var others = PickleReport(imports: [], dangerous: [])

    /// Whether it has been noted that something could not be followed.
    private var isUnexamined = false

    var isEmpty: Bool { entries.isEmpty && others.imports.isEmpty }

    /// The place of a name; nil when there are too many, which is noted.
    mutating func index(module: String, name: String) -> UInt32? {
        let key = Key(module: ExactText(text: module), name: ExactText(text: name))
        if let index = indices[key] { return index }
        bytes += module.utf8.count + name.utf8.count
        guard entries.count < Self.maximumCount, bytes <= Self.maximumBytes else {
            note(Self.unexamined)
            return nil
        }
        let index = UInt32(entries.count)
        entries.append(
            Entry(
                module: module, name: name, use: KnownImports.use(module: module, name: name),
                role: Role(module: module, name: name)))
        indices[key] = index
        return index
    }

    /// Notes that a pickle does with a name what is not harmless for it.
    mutating func noteMisuse(_ index: UInt32) { entries[Int(index)].isMisused = true }

    mutating func noteProperUse(_ index: UInt32) { entries[Int(index)].isUsedWell = true }

    /// Notes something dangerous that has no name.
    mutating func note(_ what: String) {
        // Where there are too many to keep, that is said in place of the rest.
        let note = others.dangerous.count < Self.maximumNotes ? what : Self.unexamined
        if note == Self.unexamined {
            if isUnexamined { return }
            isUnexamined = true
        } else if others.dangerous.contains(note) {
            return
        }
        others.imports.append(note)
        others.dangerous.append(note)
    }

    /// Takes what another file inside this one imports.
    mutating func add(_ report: PickleReport) {
        guard others.imports.count + report.imports.count <= Self.maximumCount else { return note(Self.unexamined) }
        others.imports += report.imports
        others.dangerous += report.dangerous
    }

    var report: PickleReport {
        let names = entries.map { Self.shown($0.module + "." + $0.name) }
        let dangerous = zip(entries, names).filter { $0.0.isDangerous }.map { $0.1 }
        return PickleReport(
            imports: Self.distinct(names + others.imports), dangerous: Self.distinct(dangerous + others.dangerous))
    }

    /// In the order of their bytes: that of `String` takes long for names that no program has.
    private static func distinct(_ names: [String]) -> [String] {
        Set(names.map { ExactText(text: $0) }).sorted().map(\.text)
    }

    private static func shown(_ name: String) -> String {
        if name.utf8.count <= maximumShownLength, name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return name }
        var short = String.UnicodeScalarView()
        for (index, scalar) in name.unicodeScalars.enumerated() {
            if index == maximumShownLength { return String(short) + "…" }
            short.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : scalar)
        }
        return String(short)
    }
}

extension PickleImports.Role {
    init(module: String, name: String) {
        self = .other
        // Comparing other texts takes its time.
        guard module.utf8.count <= 64, module.utf8.allSatisfy({ $0 < 0x80 }) else { return }
        switch module {
        case "builtins", "__builtin__": if name == "getattr" { self = .attribute }
        case "copyreg", "copy_reg": if name == "_reconstructor" { self = .reconstructor }
        case "collections", "typing":
            if name == "OrderedDict" { self = .orderedDictionary } else if name == "defaultdict" { self = .dictionary }
        case "numpy":
            if name == "dtype" { self = .numpyDataType } else if name == "ndarray" { self = .numpyBuffer(dataType: 1) }
        case "numpy.dtypes": self = .numpyDataType
        case "numpy.core.multiarray", "numpy._core.multiarray":
            if name == "_reconstruct" {
                self = .numpyArray
            } else if name == "scalar" {
                self = .numpyBuffer(dataType: 0)
            }
        case "numpy.core.numeric", "numpy._core.numeric":
            if name == "_frombuffer" { self = .numpyBuffer(dataType: 1) }
            if name == "dtype" { self = .numpyDataType }
        case "torch.jit._pickle": if name == "restore_type_tag" { self = .typeTag }
        default: break
        }
        guard module == "torch" || module.hasPrefix("torch.") else { return }
        if let type = TorchDataType.byStorageName[name] {
            self = .storage(type)
        } else if module == "torch", let type = TorchDataType.byTorchName[name] {
            self = .dataType(type)
        } else if module == "torch", name == "Size" {
            self = .size
        } else if let rebuilding = TensorRebuilding(module: module, name: name) {
            self = .rebuild(rebuilding)
        }
    }
}
