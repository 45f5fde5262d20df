/// The entries of an archive that are looked into.
struct ArchiveLayout {
    /// What is not data, and is run by those who load it.
    enum Code: String {
        case python = "(Python source)"
        case native = "(native code)"
    }

    private static let maximumInterestingEntries = 2048
    private static let nativeSuffixes = ["so", "dylib", "dll", "pyd", "cpp", "o", "cubin"]
    /// The folders of bare numbers, whose files have numbers for names (PyTorch: torch/serialization.py,
    /// torch/csrc/jit/serialization/export_module.cpp).
    private static let numberFolders = ["data", "constants", "tensors"]
    /// What begins the names of bare numbers in exported programs (PyTorch: torch/export/pt2_archive/constants.py).
    private static let numberPrefixes = ["weight_", "tensor_"]
    /// Texts and numbers that `torch.save` adds to every file.
    private static let known = ["version", "byteorder", "serialization_id", ".format_version", ".storage_alignment"]

    private(set) var pickles: [ZipEntry] = []
    private(set) var archives: [ZipEntry] = []
    /// The lists of the weights and constants of exported programs.
    private(set) var weightLists: [ZipEntry] = []
    /// Files that are none of these, such as those that TorchScript takes along in `<name>/extra/`.
    private(set) var others: [ZipEntry] = []
    private(set) var code: Set<Code> = []
    private(set) var isExportedProgram = false
    /// Whether something that should be looked into was left out, or is something else to others.
    private(set) var hasMore = false

    mutating func add(_ entry: ZipEntry) {
        let path = entry.path.map { String(decoding: $0, as: UTF8.self) }
        guard let name = path.last else { return }
        let suffix = name.split(separator: ".").last.map(String.init) ?? ""
        if entry.hasOtherName { hasMore = true }
        // Files that only exported programs have (PyTorch: torch/export/__init__.py, torch/export/pt2_archive).
        if name == "archive_format" || name == "serialized_exported_program.json" { isExportedProgram = true }
        // `PackageImporter` needs this file, and runs what lies beside it (PyTorch: torch/package).
        if path.suffix(2) == [".data", "extern_modules"] { code.insert(.python) }
        if suffix == "py" || suffix == "pyc" {
            if !Self.isScript(path) { code.insert(.python) }
        } else if Self.nativeSuffixes.contains(suffix) {
            code.insert(.native)
        }
        guard !Self.isData(path), !Self.isScript(path), !name.isEmpty else { return }
        guard pickles.count + archives.count + weightLists.count + others.count < Self.maximumInterestingEntries else {
            hasMore = true
            return
        }
        switch suffix {
        case "pkl", "pickle": pickles.append(entry)
        case "pt", "pt2", "pth", "ckpt", "bin":
            if path.count > 2, path[1] == "extra" { others.append(entry) } else { archives.append(entry) }
        default:
            if name.hasSuffix("weights_config.json") || Self.isConstantList(entry) {
                weightLists.append(entry)
            } else {
                others.append(entry)
            }
        }
    }

    /// The object of the file: PyTorch takes it from the outermost folder.
    var mainPickle: Int? {
        let candidates = pickles.indices.filter { pickles[$0].fileName.elementsEqual("data.pkl".utf8) }
        return candidates.min { pickles[$0].folderDepth < pickles[$1].folderDepth }
    }

    static func isConstantList(_ entry: ZipEntry) -> Bool {
        String(decoding: entry.fileName, as: UTF8.self).hasSuffix("constants_config.json")
    }

    /// Whether these are bare numbers, or one of the small files beside them.
    private static func isData(_ path: [String]) -> Bool {
        guard let name = path.last else { return false }
        if known.contains(name) { return true }
        func isNumber(_ text: some StringProtocol) -> Bool {
            !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        if path.dropLast().last.map(numberFolders.contains) == true, isNumber(name) { return true }
        return numberPrefixes.contains { name.hasPrefix($0) && isNumber(name.dropFirst($0.count)) }
    }

    /// Whether this is TorchScript or its debugging information, neither of which Python loads: `<name>/code/…`.
    private static func isScript(_ path: [String]) -> Bool {
        guard path.count > 2, path[1] == "code", let name = path.last else { return false }
        return name.hasSuffix(".py") || name.hasSuffix(".py.debug_pkl")
    }
}
