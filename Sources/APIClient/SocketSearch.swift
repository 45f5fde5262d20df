/// Where a daemon's socket may be.
package enum SocketSearch {
    /// The paths to try, in order: `given` alone, else the environment's and the standard ones.
    ///
    /// Relative values of the XDG variables are invalid and ignored (XDG Base Directory Specification).
    package static func candidates(given: String?, environment: [String: String]) -> [String] {
        if let given { return [given] }
        let absolute = { (name: String) in environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        let dataHome = absolute("XDG_DATA_HOME") ?? absolute("HOME").map { $0 + "/.local/share" }
        let paths = [
            environment["KIKOD_SOCKET"].flatMap { $0.isEmpty ? nil : $0 },
            absolute("XDG_RUNTIME_DIR").map { $0 + "/kikod/kikod.sock" },
            "/run/kikod/kikod.sock",
            dataHome.map { $0 + "/kikod/kikod.sock" },
            "/var/lib/kikod/kikod.sock",
        ]
        var seen: Set<String> = []
        return paths.compactMap { $0 }.filter { seen.insert($0).inserted }
    }
}
