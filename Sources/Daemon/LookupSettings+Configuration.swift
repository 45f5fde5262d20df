internal import Configuration
internal import IndexAPI
internal import Indexing

extension LookupSettings {
    /// Where people read about what asks their server.
    private static let projectPage = "https://github.com/kikod/kikod"

    /// What the configuration says about questions to CivitAI. Reads the file with the key, so it may block.
    init(_ settings: Settings, isSinglePass: Bool) throws(ConfigurationFault) {
        self.init()
        let civitai = settings.civitai
        isEnabled = civitai.enabled
        baseURL = civitai.baseURL
        // A key that is not used is not read.
        if civitai.enabled { apiKey = try civitai.apiKey()?.value }
        requestsPerSecond = civitai.requestsPerSecond
        let (seconds, attoseconds) = civitai.timeout.components
        timeoutMilliseconds = Int(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        userAgent = "kikod/\(kikodVersion) (+\(Self.projectPage))"
        self.isSinglePass = isSinglePass
    }
}
