/// What was understood of a PyTorch file, and what it would load.
///
/// Nothing in it is executed: the instructions of its pickles are followed by a machine that knows only data.
package struct PyTorchInspection: Sendable {
    /// The format is `pytorch` for a zip archive and `pickle` for anything else; `problem` is the first thing found
    /// wrong.
    package private(set) var header: ModelHeader

    /// Reads the directory and the pickles of a file of `fileSize` bytes, with bounded memory, whatever it claims.
    ///
    /// - Parameters:
    ///   - read: returns `count` bytes at `offset`, fewer only where the file ends; asked for at most 1 MiB at a time.
    ///   - visit: is shown each tensor of the model, named as in its state dictionary, in the order of the file.
    /// - Throws: only what `read` and `visit` throw; what is wrong with the file is `problem`.
    package init(
        fileSize: UInt64, read: (_ offset: UInt64, _ count: Int) throws -> [UInt8],
        visit: ((Tensor) throws -> Void)? = nil
    ) throws {
        header = try withoutActuallyEscaping(read) { read in
            var reader = PyTorchReader(fileSize: fileSize, visit: visit, fetch: read)
            return try reader.read()
        }
    }

    /// What a file that begins like one of another format loads when a program takes it for a PyTorch file, as its name
    /// says; nil when that is nothing. Throws only what `read` throws.
    static func disguisedPickle(
        fileSize: UInt64, read: (_ offset: UInt64, _ count: Int) throws -> [UInt8]
    ) throws -> PickleReport? {
        try withoutActuallyEscaping(read) { read in
            var reader = PyTorchReader(fileSize: fileSize, visit: nil, fetch: read)
            return try reader.readDisguise()
        }
    }
}
