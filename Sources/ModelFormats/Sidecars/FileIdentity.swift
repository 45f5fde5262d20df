internal import JSON

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
}
