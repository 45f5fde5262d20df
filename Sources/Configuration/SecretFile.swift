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
        try secret(in: bytes(of: path, origin, files), path, origin)
    }

    /// As `read`, but nil for a file without any text.
    static func readUnlessEmpty(
        _ path: FilePath, origin: SettingOrigin, files: any ConfigurationFiles
    ) throws(ConfigurationFault) -> Secret? {
        let bytes = try bytes(of: path, origin, files)
        return bytes.allSatisfy(isBlank) ? nil : try secret(in: bytes, path, origin)
    }

    private static func bytes(
        of path: FilePath, _ origin: SettingOrigin, _ files: any ConfigurationFiles
    ) throws(ConfigurationFault) -> [UInt8] {
        do throws(SystemError) { return try files.read(path, limit: limit) } catch {
            throw ConfigurationFault(origin, error.description)
        }
    }

    private static func secret(
        in bytes: [UInt8], _ path: FilePath, _ origin: SettingOrigin
    ) throws(ConfigurationFault) -> Secret {
        guard let word = word(in: bytes) else {
            throw ConfigurationFault(origin, "\(path) must hold one word of printable characters")
        }
        return Secret(word)
    }

    /// The one word of printable ASCII without the white space around it; nil for anything else.
    static func word(in bytes: [UInt8]) -> String? {
        let word = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        guard !word.isEmpty, word.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
