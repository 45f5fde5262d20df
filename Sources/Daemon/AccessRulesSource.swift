internal import APIServer
internal import Configuration
internal import Synchronization

/// The access rules in force; a reload replaces them.
final class AccessRulesSource: Sendable {
    private let stored: Mutex<AccessRules>

    init(_ settings: HTTPSettings) throws { stored = Mutex(try Self.read(settings)) }

    var rules: AccessRules {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// The rules that settings make; throws when the token cannot be read.
    static func read(_ settings: HTTPSettings) throws -> AccessRules {
        let token = try settings.tokenFile.map { file in
            try SecretFile.read(file, origin: SettingOrigin(source: "http.token_file")).value
        }
        return AccessRules(hosts: Set(settings.hosts), token: token.map { Array($0.utf8) })
    }
}
