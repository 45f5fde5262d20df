internal import LinuxSystem

/// What becomes of the running settings when the configuration is read again.
package struct SettingsChange: Sendable, Equatable {
    /// The settings to run with from now on: the new ones, but for those that need a restart.
    package let effective: Settings
    /// One message for each setting that keeps its old value.
    package let messages: [String]

    /// Compares the running settings with those of the reload.
    package init(from old: Settings, to new: Settings) {
        var effective = new
        var messages: [String] = []
        func keep<Value: Equatable>(
            _ key: String, _ path: WritableKeyPath<Settings, Value>, shown: (Value) -> String
        ) {
            guard old[keyPath: path] != new[keyPath: path] else { return }
            effective[keyPath: path] = old[keyPath: path]
            let (later, now) = (shown(new[keyPath: path]), shown(old[keyPath: path]))
            messages.append("\(key): \(later) takes effect after a restart; until then it is \(now)")
        }
        keep("data_dir", \.dataDirectory) { $0.description }
        keep("socket", \.socket) { $0.description }
        keep("http.listen", \.http.listen) { $0?.description ?? "off" }
        if effective.http.listen?.isLoopback == false, new.http.tokenFile == nil {
            // The new file may do without a token; the address that is still open may not.
            effective.http.tokenFile = old.http.tokenFile
            if old.http.tokenFile != nil {
                messages.append("http.token_file: stays in force until a restart, for the address that needs it")
            }
        }
        self.effective = effective
        self.messages = messages
    }
}
