internal import FoundationEssentials
internal import LinuxSystem

/// The bytes of a path given as text: itself, or what its `\xNN` stand for where the bytes are not UTF-8.
func pathBytes(_ text: String) -> [UInt8] { unescapedBytes(text) ?? Array(text.utf8) }

/// A path as the API takes it: as text, or as base64 where its bytes are not UTF-8.
struct PathParameter: Equatable {
    let text: String?
    let base64: String?

    init(_ path: FilePath) {
        text = path.isUTF8 ? path.description : nil
        base64 = path.isUTF8 ? nil : Data(path.bytes).base64EncodedString()
    }
}

extension CommandContext {
    /// The absolute path that the user means by this text.
    func absolutePath(_ text: String) -> FilePath {
        let verbatim = FilePath(text).absolute(from: workingDirectory)
        // A name may hold a backslash and an x by itself; what is there decides.
        if exists(verbatim) { return verbatim }
        return (FilePath(bytes: pathBytes(text)) ?? FilePath(text)).absolute(from: workingDirectory)
    }
}
