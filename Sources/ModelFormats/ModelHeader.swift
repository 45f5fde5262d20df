/// What the header of a model file says, whatever its format.
package struct ModelHeader: Sendable {
    package var format: ModelFileFormat
    /// Bytes of safetensors' JSON; for GGUF the bytes before the tensor data; nil for other formats, and where the
    /// file does not tell.
    package var headerSize: UInt64?
    /// nil when the header could not be read to its end.
    package var tensorCount: Int?
    /// Elements of all tensors together; nil when unknown or more than 64 bits can count.
    package var parameterCount: UInt64?
    /// How many tensors have each data type.
    package var dataTypes: [String: Int] = [:]
    /// The file's own key-values in its order: strings verbatim, other values as JSON text.
    package var metadata: [(key: String, value: String)] = []
    /// What a pickle would load; nil where there is none, or nothing that only looks like another format.
    package var pickle: PickleReport?
    /// The first thing found wrong; nil for a valid, complete file.
    package var problem: ModelFormatError?

    package init(format: ModelFileFormat) { self.format = format }
}

/// What a pickle would load, by the names that it imports.
package struct PickleReport: Hashable, Sendable {
    /// Every imported name once, as `module.name`, sorted.
    package var imports: [String]
    /// Those of them that are not known to be harmless.
    package var dangerous: [String]

    package init(imports: [String], dangerous: [String]) {
        self.imports = imports
        self.dangerous = dangerous
    }
}
