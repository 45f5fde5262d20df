internal import Catalog
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// The first look at a file, before anything is hashed: what its header says and whether it is all there.
struct FileInspector: Sendable {
    struct Result: Sendable {
        private(set) var description: ContentDescription
        /// The header promises more bytes than the file has: it may still be coming.
        let isIncomplete: Bool
        /// Length of the JSON of a safetensors header that was understood, for AutoV3.
        let safetensorsHeaderSize: UInt64?

        /// Says that something beside the file tells that it is unfinished, though nobody goes on with it.
        mutating func noteAbandoned(mark: [UInt8]) {
            let sentence = "The download was not finished: \(escapedText(mark)) lies beside it."
            description.message = description.message.map { $0 + " " + sentence } ?? sentence
        }
    }

    /// Reads only the header of an open file. Never throws: what is wrong becomes the content's message.
    static func inspect(_ file: borrowing FileDescriptor, size: Int64, path: FilePath) -> Result {
        guard let named = ModelFileFormat(name: path.name) else { return plain(nil, message: nil) }
        guard size > 0 else { return plain(named, message: "The file is empty.") }
        do {
            let format = named.refined(firstBytes: try file.read(upTo: 8, at: 0, shown: path))
            guard format == .safetensors else { return plain(format, message: nil) }
            return try safetensors(file, size: UInt64(size), path: path)
        } catch {
            return plain(named, message: "Its header cannot be read: \(error).")
        }
    }

    private static func plain(_ format: ModelFileFormat?, message: String?) -> Result {
        Result(
            description: ContentDescription(format: format?.rawValue, message: message), isIncomplete: false,
            safetensorsHeaderSize: nil)
    }

    private static func safetensors(
        _ file: borrowing FileDescriptor, size: UInt64, path: FilePath
    ) throws -> Result {
        let number = file.number
        let inspection = try SafetensorsInspection(fileSize: size) { offset, count in
            try readBytes(of: number, upTo: count, at: Int64(clamping: offset), shown: path)
        }
        let header = inspection.header
        var isIncomplete = false
        if case .incomplete = inspection.problem?.code { isIncomplete = true }
        return Result(
            description: ContentDescription(
                format: ModelFileFormat.safetensors.rawValue, headerSize: inspection.headerSize,
                tensorCount: header?.tensorCount, parameterCount: header?.parameterCount,
                dtypes: header?.dataTypes ?? [:], metadata: header?.metadata ?? [],
                message: inspection.problem.map { sentence($0.message) }),
            isIncomplete: isIncomplete, safetensorsHeaderSize: inspection.isValid ? inspection.headerSize : nil)
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
