/// A look at the header of a model file of any format.
package struct ModelInspection: Sendable {
    package private(set) var header: ModelHeader
    /// What the header says of the tensors, as far as it could be read.
    package let tensors: TensorTable
    /// GGUF's name for what the tensors are.
    package private(set) var architecture: String?
    /// What people call the precision of a GGUF file.
    package private(set) var quantization: String?
    /// Which part of a model a GGUF file says that it is.
    package private(set) var split: GGUFSplit?

    /// Reads the header of a file, in chunks and with bounded memory, whatever it claims.
    ///
    /// - Parameters:
    ///   - format: that its name promises. What is found decides where the name stands for several.
    ///   - read: returns `count` bytes at `offset`, fewer only where the file ends.
    /// - Throws: only what `read` throws; what is wrong with the file is the header's `problem`.
    package init(
        named format: ModelFileFormat, fileSize: UInt64, read: (_ offset: UInt64, _ count: Int) throws -> [UInt8]
    ) throws {
        var tensors = TensorTable()
        switch format.refined(firstBytes: try read(0, 16)) {
        case .safetensors:
            let inspection = try SafetensorsInspection(fileSize: fileSize, read: read) {
                tensors.add(Tensor(name: $0.name, dataType: $0.dataType, shape: $0.shape))
            }
            header = ModelHeader(inspection)
        case .gguf:
            let inspection = try GGUFInspection(fileSize: fileSize, read: read) { tensors.add($0) }
            header = inspection.header
            architecture = inspection.architecture
            quantization = inspection.quantization
            split = inspection.split
        case .pytorch, .pickle:
            header = try PyTorchInspection(fileSize: fileSize, read: read) { tensors.add($0) }.header
        }
        self.tensors = tensors
        // Names of PyTorch files are given to programs that load pickles, whatever the file begins with.
        if format.isPickled, !header.format.isPickled {
            header.pickle = try PyTorchInspection.disguisedPickle(fileSize: fileSize, read: read)
        }
    }
}

extension ModelHeader {
    fileprivate init(_ inspection: SafetensorsInspection) {
        self.init(format: .safetensors)
        headerSize = inspection.headerSize
        problem = inspection.problem
        guard let header = inspection.header else { return }
        tensorCount = header.tensorCount
        parameterCount = header.parameterCount
        dataTypes = header.dataTypes
        metadata = header.metadata
    }
}
