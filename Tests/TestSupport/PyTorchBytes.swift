/// A file as PyTorch before 1.6 wrote it, without a tensor: valid, and as short as may be.
///
/// The order of the pickles is that of torch/serialization.py (`_legacy_save`).
package func pyTorchFile(_ payload: [UInt8]) -> [UInt8] {
    let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 3, 0x2E]
    let system: [UInt8] = [0x80, 2, 0x7D, 0x2E]
    let length = (0..<4).map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
    let object: [UInt8] = [0x80, 3, 0x42] + length + payload + [0x2E]
    let storages: [UInt8] = [0x80, 2, 0x5D, 0x2E]
    return magic + version + system + object + storages
}

/// The same with a text in it.
package func pyTorchFile(_ text: String) -> [UInt8] { pyTorchFile(Array(text.utf8)) }
