/// What the configuration says about questions to CivitAI.
package struct LookupSettings: Sendable, Hashable {
    /// False: no request whatever is made.
    package var isEnabled = true
    /// Without a slash at the end.
    package var baseURL = "https://civitai.com"
    /// Sent only where it is read, and nowhere written.
    package var apiKey: String?
    /// Requests a second over a longer time.
    package var requestsPerSecond = 1.0
    /// To connect, and without progress.
    package var timeoutMilliseconds = 30_000
    /// Who asks.
    package var userAgent = "kikod"

    package init() {}
}

extension LookupSettings: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(baseURL), \(isEnabled ? "on" : "off")" }

    // `dump` and the default description of what holds this one look through the mirror, and the key is a secret.
    package var customMirror: Mirror { Mirror(self, children: ["baseURL": baseURL, "isEnabled": isEnabled]) }
}
