package import LinuxSystem

/// Everything that can be configured; the initial values of the parts are the built-in defaults.
package struct Settings: Sendable, Equatable {
    /// The trees that are indexed, each once, those of `comfyui` after those of `roots`.
    package var roots: [RootSetting] = []
    /// Holds the database; absolute.
    package var dataDirectory: FilePath
    /// The API's Unix socket; absolute.
    package var socket: FilePath
    /// Holds what can be fetched again; absolute.
    package var cacheDirectory: FilePath
    /// The API over TCP.
    package var http = HTTPSettings()
    /// How files are noticed and forgotten.
    package var watch = WatchSettings()
    /// How files are read.
    package var hashing = HashingSettings()
    /// What is asked of CivitAI.
    package var civitai = CivitAISettings()
    /// What becomes of preview images.
    package var previews = PreviewMode.off
    /// CivitAI's level bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX; a preview above this number is not fetched.
    package var previewsMaximumNSFWLevel = 1
    /// The least important messages that are logged.
    package var logLevel = LogLevelSetting.info

    /// The defaults, with the paths that depend on the surroundings.
    package init(dataDirectory: FilePath, socket: FilePath) {
        self.dataDirectory = dataDirectory
        self.socket = socket
        cacheDirectory = dataDirectory.appending("cache")
    }
}

/// What becomes of preview images from CivitAI.
package enum PreviewMode: String, Sendable, Hashable, CaseIterable {
    /// None is fetched.
    case off
    /// Kept in the cache directory.
    case cache
    /// Written beside the model.
    case beside
}

/// The words of `log_level`; the raw values are those of the logger's levels.
package enum LogLevelSetting: String, Sendable, Hashable, CaseIterable {
    case debug, info, notice, warning, error
}

/// The API over TCP, which is off unless `listen` is set.
package struct HTTPSettings: Sendable, Equatable {
    /// Where to listen; nil is off.
    package var listen: ListenAddress?
    /// A file with the token that every request must carry; never nil for an address that is not loopback.
    package var tokenFile: FilePath?
    /// Names accepted in the Host header beside the loopback ones, in lower case.
    package var hosts: [String] = []
}

/// How files are noticed and forgotten.
package struct WatchSettings: Sendable, Equatable {
    /// Quiet time before a file that is being written is read.
    package var settle = Duration.seconds(2)
    /// Time between two listings of a place without events.
    package var pollInterval = Duration.seconds(5 * 60)
    /// Time between two full reconciliations.
    package var rescanInterval = Duration.seconds(24 * 3600)
    /// Whether links to directories are entered.
    package var followSymlinks = true
    /// How long a missing file is kept, counted while its place is online.
    package var keepMissing = Duration.seconds(30 * 86400)
    /// Patterns of names to leave out, beside the built-in ones.
    package var ignore: [String] = []
}

/// How files are read.
package struct HashingSettings: Sendable, Equatable {
    /// Threads that read; nil lets the program choose.
    package var workers: Int?
    /// Most files that wait in memory.
    package var queueCapacity = 1024
    /// Bytes; bigger files are listed and not hashed; 0 is no limit.
    package var maximumFileSize: Int64 = 0
    /// Bytes a second over all threads; 0 is no limit.
    package var maximumRate: Int64 = 0
    /// Bytes; bigger files get no AutoV3.
    package var autoV3MaximumSize: Int64 = 2 << 30
    /// Whether BLAKE3 is computed.
    package var blake3 = false
}

/// What is asked of CivitAI.
package struct CivitAISettings: Sendable, Equatable {
    /// Whether anything is asked at all.
    package var enabled = true
    /// Without a slash at the end.
    package var baseURL = "https://civitai.com"
    /// A file with the API key: goes before the systemd credential, which goes before `environmentKey`.
    package var apiKeyFile: FilePath?
    /// Where the service manager passes credentials, one of which may be `civitai-api-key`; nil where it passes none.
    package var credentials: FilePath?
    /// The key of CIVITAI_API_KEY: used when neither `apiKeyFile` nor a credential is there.
    package var environmentKey: Secret?
    /// Requests a second over a longer time.
    package var requestsPerSecond = 1.0
    /// To connect, and without progress.
    package var timeout = Duration.seconds(30)
}

extension CivitAISettings {
    /// The API key, from the first place that has one; nil where none has. Reads files, so it may block.
    ///
    /// Throws a fault when a file that is there holds no key.
    package func apiKey(files: any ConfigurationFiles = SystemConfigurationFiles()) throws(ConfigurationFault)
        -> Secret?
    {
        if let apiKeyFile {
            return try SecretFile.read(apiKeyFile, origin: SettingOrigin(source: "civitai.api_key_file"), files: files)
        }
        return try credential(files) ?? environmentKey
    }

    /// systemd.exec(5), "CREDENTIALS": one file a credential. An empty one is none: the unit has that for machines
    /// without a key.
    private func credential(_ files: any ConfigurationFiles) throws(ConfigurationFault) -> Secret? {
        guard let credentials else { return nil }
        let name = Array("civitai-api-key".utf8)
        let isThere: Bool
        do throws(SystemError) {
            isThere = try files.names(in: credentials).contains(name)
        } catch  where error.errno == .noEntry || error.errno == .notDirectory {
            return nil
        } catch {
            // A key that is there and cannot be seen is not no key.
            throw ConfigurationFault(SettingOrigin(source: "CREDENTIALS_DIRECTORY"), "cannot be read: \(error)")
        }
        guard isThere else { return nil }
        return try SecretFile.readUnlessEmpty(
            credentials.appending(name), origin: SettingOrigin(source: "credential civitai-api-key"), files: files)
    }
}
