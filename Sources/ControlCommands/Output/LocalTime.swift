internal import Glibc
internal import LinuxSystem

/// A time of the API in the user's time zone, as `2025-01-01 13:00:00`; the text itself where it is no time.
func localTimeText(_ time: String) -> String {
    guard let nanoseconds = Timestamp.nanoseconds(time) else { return time }
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else { return time }
    let date = unsafe [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
    let clock = unsafe [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
    return date.map(twoDigits).joined(separator: "-") + " " + clock.map(twoDigits).joined(separator: ":")
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
