internal import JSON

/// What a JSON file beside a model tells about it, recognised by its content and not only by its name.
package struct Sidecar: Hashable, Sendable {
    /// What a person wrote; nil when there is nothing of that.
    package private(set) var user: SidecarUserPart?
    /// What a tool learned from CivitAI; nil when there is nothing of that.
    package private(set) var civitai: SidecarCivitaiPart?
    /// What is wrong with a file whose name only a sidecar has; nil for any other.
    package private(set) var problem: ModelFormatError?

    /// Bytes of the longest file that is read.
    package static let maximumSize = 8 << 20

    /// No format has anywhere near so many; a file with more is a table of something else.
    private static let maximumMembers = 1000

    /// Reads the content of a file that has the name of a sidecar.
    ///
    /// - Parameters:
    ///   - bytes: all of it; one byte more than `maximumSize` is enough to show that it is too long.
    ///   - sha256: of the model beside it, where that is known already; it tells the version when there are several.
    package init(_ role: CompanionName.Role, _ bytes: [UInt8], sha256: String? = nil) {
        if case .preview = role { return }
        do throws(ModelFormatError) {
            guard let json = try Self.parse(bytes), json.members.count <= Self.maximumMembers else { return }
            let reader = SidecarReader(json, sha256: sha256)
            user = reader.user()
            civitai = reader.civitai()
        } catch {
            problem = role.isDistinctive ? error : nil
        }
    }

    /// The value in the file; nil when there is nothing but white space.
    private static func parse(_ bytes: [UInt8]) throws(ModelFormatError) -> JSONValue? {
        guard bytes.count <= maximumSize else {
            throw .invalid("the sidecar has more than \(maximumSize) bytes")
        }
        let text = SidecarText.utf8(of: bytes)
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = text.first(where: { !isSpace($0) }) else { return nil }
        guard first != UInt8(ascii: "<") else { throw .invalid("the sidecar is a web page and not JSON") }
        do throws(JSONError) {
            return try JSONValue(text, subject: "the sidecar")
        } catch {
            throw ModelFormatError(error)
        }
    }
}
