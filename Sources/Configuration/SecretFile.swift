package import LinuxSystem

/// A file that holds one secret, such as an API key or a token.
package enum SecretFile {
    /// The longest secret file, in bytes.
    private static let limit = 4096

    /// The text of the file without the white space around it.
    ///
    /// Throws a fault at `origin` when the file cannot be read or holds no single word of printable ASCII, which
    /// is all that an HTTP header can carry.
    package static func read(
        _ path: FilePath, origin: SettingOrigin, files: any ConfigurationFiles = SystemConfigurationFiles()
    ) throws(ConfigurationFault) -> Secret {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try files.read(path, limit: limit) } catch {
            throw ConfigurationFault(origin, error.description)
        }
        guard let word = word(in: bytes) else {
            throw ConfigurationFault(origin, "\(path) must hold one word of printable characters")
        }
        return Secret(word)
    }

    /// The one word of printable ASCII without the white space around it; nil for anything else.
    static func word(in bytes: [UInt8]) -> String? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let word = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        guard !word.isEmpty, word.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        return String(decoding: word, as: UTF8.self)
    }
}
