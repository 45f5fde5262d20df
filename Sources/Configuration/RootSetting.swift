package import LinuxSystem

/// How changes below a root are noticed.
package enum WatchMode: String, Sendable, Hashable, CaseIterable {
    /// inotify where the file system tells of changes, else polling.
    case auto
    /// inotify, whatever the file system.
    case inotify
    /// Listing again and again.
    case poll
}

/// A directory tree that is indexed.
package struct RootSetting: Sendable, Equatable {
    /// Absolute and normalized by text.
    package var path: FilePath
    /// For files below whose content does not decide; nil where the root says nothing.
    package var type: ModelType?
    /// How changes are noticed.
    package var watch: WatchMode
    /// False: no hash found below is ever sent to CivitAI.
    package var civitai: Bool
    /// Where it was named, for messages; does not count in `==`, so that a comment above it is no change.
    package var origin: SettingOrigin

    /// A root; the defaults are those of the short form.
    package init(
        path: FilePath, type: ModelType? = nil, watch: WatchMode = .auto, civitai: Bool = true, origin: SettingOrigin
    ) {
        self.path = path
        self.type = type
        self.watch = watch
        self.civitai = civitai
        self.origin = origin
    }

    package static func == (left: RootSetting, right: RootSetting) -> Bool {
        left.path == right.path && left.type == right.type && left.watch == right.watch
            && left.civitai == right.civitai
    }
}
