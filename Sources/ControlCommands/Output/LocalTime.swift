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

/// A time of the API to the minute in the user's time zone: `14:05`, with its date where that is not today's.
func localMinuteText(_ time: String, now: Int64) -> String {
    guard Timestamp.nanoseconds(time) != nil else { return time }
    let text = localTimeText(time).dropLast(3)
    let today = localTimeText(Timestamp.text(nanoseconds: now)).prefix(10)
    return String(text.hasPrefix(today) ? text.dropFirst(11) : text)
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
