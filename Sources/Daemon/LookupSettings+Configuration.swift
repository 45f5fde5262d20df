internal import Configuration
internal import IndexAPI
internal import Indexing

extension LookupSettings {
    /// What the configuration says about questions to CivitAI. Reads the file with the key, so it may block.
    init(_ settings: Settings) throws(ConfigurationFault) {
        self.init()
        let civitai = settings.civitai
        isEnabled = civitai.enabled
        baseURL = civitai.baseURL
        // A key that is not used is not read.
        if civitai.enabled { apiKey = try civitai.apiKey()?.value }
        requestsPerSecond = civitai.requestsPerSecond
        timeoutMilliseconds = civitai.timeout.milliseconds
        userAgent = kikodUserAgent
    }
}

extension PreviewSettings {
    /// What the configuration says about preview images; none are fetched where nothing is asked of CivitAI.
    init(_ settings: Settings) {
        self.init(cacheDirectory: settings.cacheDirectory)
        let civitai = settings.civitai
        mode = civitai.enabled ? Mode(settings.previews) : .off
        maximumLevel = settings.previewsMaximumNSFWLevel
        baseURL = civitai.baseURL
        requestsPerSecond = civitai.requestsPerSecond
        timeoutMilliseconds = civitai.timeout.milliseconds
        userAgent = kikodUserAgent
    }
}

extension PreviewSettings.Mode {
    fileprivate init(_ mode: PreviewMode) {
        switch mode {
        case .off: self = .off
        case .cache: self = .cache
        case .beside: self = .beside
        }
    }
}

/// Who asks, with the page where people read about what asks their server.
private let kikodUserAgent = "kikod/\(kikodVersion) (+https://github.com/kikod/kikod)"

extension Duration {
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : Int(clamping: product + attoseconds / 1_000_000_000_000_000)
    }
}
