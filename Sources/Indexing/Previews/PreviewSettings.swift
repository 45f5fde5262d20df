package import LinuxSystem

/// What the configuration says about preview images.
package struct PreviewSettings: Sendable, Hashable {
    /// Where they go.
    package enum Mode: String, Sendable {
        case off, cache, beside
    }

    package var mode = Mode.off
    /// CivitAI's level bits; an image above this number is not fetched.
    package var maximumLevel = 1
    package var cacheDirectory: FilePath
    /// The site whose images are fetched.
    package var baseURL = "https://civitai.com"
    package var userAgent = "kikod"
    package var requestsPerSecond = 1.0
    package var timeoutMilliseconds = 30_000

    package init(cacheDirectory: FilePath) { self.cacheDirectory = cacheDirectory }
}
