/// All digests of one file, as lower-case hexadecimal digits.
package struct Digests: Hashable, Sendable {
    /// SHA-256 of the whole file, 64 digits.
    package let sha256: String
    /// First 8 digits of the SHA-256 of the 64 KiB at 1 MiB; nil for files below 2 MiB, as CivitAI has it.
    package let autoV1: String?
    /// SHA-256 of everything after the safetensors header, all 64 digits; nil where `DigestPlan` asked for none.
    package let untruncatedAutoV3: String?
    /// CRC-32/ISO-HDLC in CivitAI's byte order (least significant byte first), 8 digits.
    package let crc32: String
    /// BLAKE3 of the whole file, 64 digits; nil where `DigestPlan` asked for none.
    package let blake3: String?

    /// First 10 digits of `sha256`.
    package var autoV2: String { String(sha256.prefix(10)) }

    /// First 12 digits of `untruncatedAutoV3`.
    package var autoV3: String? { untruncatedAutoV3.map { String($0.prefix(12)) } }
}
