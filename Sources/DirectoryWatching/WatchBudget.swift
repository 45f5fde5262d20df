internal import LinuxSystem

/// How many inotify watches kikod takes.
enum WatchBudget {
    /// The part of the user's watches that is taken at most: editors and desktops need some too.
    private static let percent = 80

    /// What the system's setting allows; nil where it cannot be read, as in a unit with ProcSubset=pid.
    static func ofSystem(_ setting: FilePath = FilePath("/proc/sys/fs/inotify/max_user_watches")) -> Int? {
        guard let bytes = try? readFile(setting, limit: 64) else { return nil }
        return watches(ofSetting: bytes)
    }

    /// The watches that the text of the setting allows.
    static func watches(ofSetting bytes: [UInt8]) -> Int? {
        let digits = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard let limit = Int(String(decoding: digits, as: UTF8.self)), limit >= 0 else { return nil }
        return limit / 100 * percent + limit % 100 * percent / 100
    }
}
