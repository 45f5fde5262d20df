/// Digests and size of the file that a sidecar was written for, each in lower case and nil when it does not say.
package struct FileIdentity: Hashable, Sendable {
    package var sha256: String?
    package var autoV1: String?
    package var autoV2: String?
    package var autoV3: String?
    /// In CivitAI's byte order.
    package var crc32: String?
    package var blake3: String?
    /// Bytes; of those written in kilobytes the nearest.
    package var size: Int64?

    package init() {}

    /// Reads `{"SHA256": …}` with CivitAI's names; what is no digest is left out.
    init(hashes: JSONValue?, size: Int64? = nil) {
        func digest(_ name: String, _ lengths: Set<Int>) -> String? {
            (hashes?[name]?.string).flatMap { Digest.hexadecimal($0, lengths: lengths) }
        }
        sha256 = digest("SHA256", [64])
        autoV1 = digest("AutoV1", [8])
        autoV2 = digest("AutoV2", [10])
        // Some write it in full, and CivitAI's first 12 digits are what all compare.
        autoV3 = digest("AutoV3", [12, 64]).map { String($0.prefix(12)) }
        crc32 = digest("CRC32", [8])
        blake3 = digest("BLAKE3", [64])
        self.size = size
    }

    package var isEmpty: Bool { self == FileIdentity() }

    /// Whether the most telling digest that both have is the same; nil when both have none in common.
    ///
    /// AutoV3 comes last: some tools take it from the file's own metadata, where it may be wrong.
    func agrees(with other: FileIdentity) -> Bool? {
        let pairs = [
            (sha256, other.sha256), (blake3, other.blake3), (shortSHA256, other.shortSHA256), (autoV3, other.autoV3),
        ]
        return pairs.lazy.compactMap { own, theirs in own.flatMap { own in theirs.map { own == $0 } } }.first
    }

    /// AutoV2 is the beginning of the SHA-256.
    private var shortSHA256: String? { autoV2 ?? sha256.map { String($0.prefix(10)) } }
}
