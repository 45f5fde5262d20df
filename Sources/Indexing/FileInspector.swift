internal import Catalog
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// The first look at a file, before anything is hashed: what its header says and whether it is all there.
struct FileInspector: Sendable {
    struct Result: Sendable {
        let description: ContentDescription
        /// The header promises more bytes than the file has: it may still be coming.
        let isIncomplete: Bool
        /// Length of the JSON of a safetensors header that was understood, for AutoV3.
        let safetensorsHeaderSize: UInt64?
    }

    /// Reads only the header of an open file. Never throws: what is wrong becomes the content's message.
    static func inspect(_ file: borrowing FileDescriptor, size: Int64, path: FilePath) -> Result {
        guard let named = ModelFileFormat(name: path.name) else {
            return Result(description: ContentDescription(format: nil), isIncomplete: false, safetensorsHeaderSize: nil)
        }
        guard size > 0 else {
            return Result(
                description: ContentDescription(format: named.rawValue, message: "The file is empty."),
                isIncomplete: false, safetensorsHeaderSize: nil)
        }
        do {
            let first = try file.read(upTo: 8, at: 0, shown: path)
            let format = named.refined(firstBytes: first)
            guard format == .safetensors else {
                return Result(
                    description: ContentDescription(format: format.rawValue), isIncomplete: false,
                    safetensorsHeaderSize: nil)
            }
            return inspectSafetensors(file, size: size, path: path)
        } catch {
            return Result(
                description: ContentDescription(format: named.rawValue, message: "Its header cannot be read: \(error)."),
                isIncomplete: false, safetensorsHeaderSize: nil)
        }
    }
}
