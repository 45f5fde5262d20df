/// What was understood of a GGUF file, and what is wrong with it.
///
/// Rules: docs/gguf.md of ggml, and what ggml/src/gguf.cpp of llama.cpp refuses. Version 1 (32-bit lengths) and files
/// with the most significant byte first are read too.
package struct GGUFInspection: Sendable {
    /// The header; without a `tensorCount` when it could not be read to its end.
    package private(set) var header = ModelHeader(format: .gguf)
    /// What the model is, in the words of the program that wrote the file (`general.architecture`): `flux`, `t5encoder`.
    package private(set) var architecture: String?
    /// How the weights are stored, as people call it: `Q4_K_M`.
    package private(set) var quantization: String?
    /// nil for a model that is one file.
    package private(set) var split: GGUFSplit?
    /// Key-values that are left out: arrays of more than 4 KiB (a tokenizer's words), those with keys of more than
    /// 1 KiB, and what is beyond the 16 MiB that are kept altogether.
    package private(set) var droppedMetadataCount = 0

    /// Reads the header of a file of `fileSize` bytes, in chunks and with bounded memory, whatever it claims.
    ///
    /// - Parameters:
    ///   - read: returns `count` bytes at `offset`, fewer only where the file ends; asked for at most 64 KiB at a time.
    ///   - visit: is shown each tensor in the order of the header.
    /// - Throws: only what `read` and `visit` throw; what is wrong with the file is `header.problem`.
    package init(
        fileSize: UInt64, read: (_ offset: UInt64, _ count: Int) throws -> [UInt8],
        visit: ((Tensor) throws -> Void)? = nil
    ) throws {
        guard fileSize > 0 else {
            header.problem = ModelFormatError(.empty, "the file is empty")
            return
        }
        let start = try read(0, Int(min(fileSize, 64)))
        guard GGUFReader.magic.starts(with: start.prefix(GGUFReader.magic.count)) else {
            header.problem = Self.impostor(start)
            return
        }
        try withoutActuallyEscaping(read) { read in
            var reader = GGUFReader(fileSize: fileSize, fetch: read, visit: visit)
            do { try reader.read() } catch let error as ModelFormatError { reader.note(error) }
            take(reader)
        }
    }

    private mutating func take(_ reader: GGUFReader) {
        header = reader.header
        header.metadata = reader.metadata.entries
        droppedMetadataCount = reader.metadata.droppedCount
        architecture = reader.facts.architecture
        split = reader.facts.split
        if header.tensorCount != nil {
            quantization = reader.dataTypes.quantization(fileType: reader.facts.fileType)
        }
    }

    /// What is wrong with a file that begins with something else.
    private static func impostor(_ start: [UInt8]) -> ModelFormatError {
        let name: String? =
            if GGUFReader.earlierMagics.contains(where: start.starts(with:)) {
                "one of the formats before it (GGML, GGMF or GGJT of 2023), which hardly any program reads any more"
            } else if start.count > 8, start[8] == UInt8(ascii: "{"), !start.starts(with: FirstBytes.zip) {
                "a safetensors file"
            } else {
                FirstBytes.impostor(start)
            }
        if let name { return .invalid("this is not a GGUF file but \(name)") }
        return .invalid("this is not a GGUF file: it does not begin with “GGUF”")
    }
}
