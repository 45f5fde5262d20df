internal import JSON

extension CivitAIFile {
    /// The kinds of digests in CivitAI's spelling; its scanner writes some of them otherwise.
    private static let kinds = ["AutoV1", "AutoV2", "AutoV3", "SHA256", "CRC32", "BLAKE3"]

    /// Reads an element of a version's `files`; nil for one without a number, which only placeholders of other programs
    /// lack.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.identifier else { return nil }
        self.init(id: id)
        let metadata = json["metadata"]
        name = json["name"]?.text
        sizeKB = json["sizeKB"]?.double.flatMap { $0 >= 0 ? $0 : nil }
        type = json["type"]?.text
        format = metadata?["format"]?.text
        precision = metadata?["fp"]?.text
        variant = metadata?["size"]?.text
        quantization = metadata?["quantType"]?.text
        isPrimary = json["primary"]?.bool
        pickleScanResult = json["pickleScanResult"]?.text
        pickleScanMessage = json["pickleScanMessage"]?.text
        virusScanResult = json["virusScanResult"]?.text
        virusScanMessage = json["virusScanMessage"]?.text
        scannedAt = json["scannedAt"]?.moment
        hashes = Self.hashes(json["hashes"])
        downloadURL = json["downloadUrl"]?.text
        self.metadata = metadata?.objectText()
    }

    private static func hashes(_ json: JSONValue?) -> [String: String] {
        var hashes: [String: String] = [:]
        for member in (json?.members ?? []).prefix(32) {
            guard member.name.utf8.count <= 32, let digits = member.value.string, (1...128).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit })
            else { continue }
            let kind = kinds.first { $0.lowercased() == member.name.lowercased() } ?? member.name
            if !kind.utf8.contains(0) { hashes[kind] = digits.uppercased() }
        }
        return hashes
    }
}
