/// The kinds of hashes that CivitAI keeps of a file, by its names for them.
package enum StandInHashKind: String, Sendable, CaseIterable {
    case autoV1 = "AutoV1"
    case autoV2 = "AutoV2"
    case autoV3 = "AutoV3"
    case sha256 = "SHA256"
    case crc32 = "CRC32"
    case blake3 = "BLAKE3"
}

/// A file of a version that the stand-in knows.
package struct StandInFile: Sendable {
    /// CivitAI's number for the file; nil for one made of the version's.
    package var id: Int64?
    /// The name of the uploaded file, which answers may replace by one of their own.
    package var name: String
    /// The name that the creator wants for downloads.
    package var overrideName: String?
    /// The size.
    package var bytes: Int64
    /// `Model`, `Pruned Model`, `VAE`, `Training Data` and others.
    package var type = "Model"
    /// In any case; answers have them in upper case.
    package var hashes: [StandInHashKind: String]
    /// False for a private file: found by its hashes, not listed.
    package var isPublic = true
    /// True for a file in whose place the creator has put another: found by its hashes, not listed.
    package var isReplaced = false
    /// nil lets the version choose; with false for all of its files it has no primary one.
    package var isPrimary: Bool?
    /// `SafeTensor`, `PickleTensor`, `GGUF` and others.
    package var format: String? = "SafeTensor"
    /// `fp16`, `fp8` and others.
    package var precision: String?
    /// `full` or `pruned`.
    package var variant: String?
    /// The kind of quantisation, which only the description of a model tells.
    package var quantization: String?
    /// `Pending`, `Success`, `Danger`, `Error`.
    package var pickleScanResult = "Success"
    /// What the scanner says.
    package var pickleScanMessage: String? = "No Pickle imports"
    /// `Pending`, `Success`, `Danger`, `Error`.
    package var virusScanResult = "Success"
    /// When it was scanned, as `2024-01-01T00:00:00.000Z`.
    package var scannedAt: String? = "2024-01-01T00:00:03.460Z"
    /// The name that a recorded answer gives, which is not made anew.
    var recordedName: String?

    package init(name: String, bytes: Int64, hashes: [StandInHashKind: String] = [:]) {
        self.name = name
        self.bytes = bytes
        self.hashes = hashes
    }

    /// A file with its SHA-256 and what follows from it.
    package init(name: String, bytes: Int64, sha256: String) {
        self.init(name: name, bytes: bytes, hashes: [.sha256: sha256, .autoV2: String(sha256.prefix(10))])
    }

    /// The hash as CivitAI stores it: in upper case, and of AutoV3 the first 12 digits.
    func storedHash(_ kind: StandInHashKind) -> String? {
        hashes[kind].map { kind == .autoV3 ? String($0.prefix(12)).uppercased() : $0.uppercased() }
    }
}
