internal import CommandLineParsing
internal import IndexAPI
internal import LinuxSystem

/// What WHAT on the command line stands for.
enum FileReference: Equatable {
    /// A kind of hash that was named.
    enum HashKind: Equatable { case any, sha256, blake3 }

    case path(FilePath)
    case id(Int64)
    /// Lower-case hexadecimal digits.
    case hash(String, HashKind)
    case name(String)

    /// The forms, for the help of the commands that take one.
    static let help =
        "A path, an id (fewer than eight digits), a hash (eight or more hexadecimal digits) or a name; "
        + "id:, sha256:, blake3: and ./ force one of them"

    init(_ text: String, context: CommandContext, command: String) throws(UsageError) {
        if let digits = text.removing(prefix: "id:") {
            guard let id = Int64(digits), id > 0 else {
                throw UsageError("'\(text)' is not an id: a number is expected after id:.", command: command)
            }
            self = .id(id)
        } else if let digits = text.removing(prefix: "sha256:") {
            self = .hash(try Self.hash(digits, text, command), .sha256)
        } else if let digits = text.removing(prefix: "blake3:") {
            self = .hash(try Self.hash(digits, text, command), .blake3)
        } else if text.isEmpty {
            throw UsageError("WHAT must not be empty.", command: command)
        } else if text.utf8.contains(UInt8(ascii: "/")) || context.exists(context.absolutePath(text)) {
            self = .path(context.absolutePath(text))
        } else if text.utf8.count < 8, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int64(text) {
            self = .id(id)
        } else if APIParameter.isHash(text) {
            self = .hash(text.lowercased(), .any)
        } else {
            self = .name(text)
        }
    }

    private static func hash(_ digits: String, _ text: String, _ command: String) throws(UsageError) -> String {
        guard APIParameter.isHash(digits) else {
            throw UsageError("'\(text)': 8 to 64 hexadecimal digits are expected.", command: command)
        }
        return digits.lowercased()
    }
}

extension String {
    /// The rest after `prefix`; nil when the text does not begin with it.
    fileprivate func removing(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
