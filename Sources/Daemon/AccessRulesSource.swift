internal import APIServer
internal import Configuration
internal import Synchronization

/// The access rules in force; a reload replaces them.
final class AccessRulesSource: Sendable {
    private let stored: Mutex<AccessRules>

    init(_ settings: HTTPSettings) throws { stored = Mutex(try Self.make(settings)) }

    var rules: AccessRules { stored.withLock { $0 } }

    /// Takes over other settings; throws, and changes nothing, when the token cannot be read.
    func update(_ settings: HTTPSettings) throws {
        let rules = try Self.make(settings)
        stored.withLock { $0 = rules }
    }

    private static func make(_ settings: HTTPSettings) throws -> AccessRules {
        let token = try settings.tokenFile.map { file in
            try SecretFile.read(file, origin: SettingOrigin(source: "http.token_file")).value
        }
        return AccessRules(hosts: Set(settings.hosts), token: token.map { Array($0.utf8) })
    }
}
