internal import IndexAPI
internal import LinuxSystem

/// A number of bytes with a binary unit: `123 B`, `1.2 GiB`.
func sizeText(_ bytes: Int64) -> String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = Double(bytes) / 1024
    var unit = 0
    // 1023.95 would be shown as 1024.0.
    while value >= 1023.95, unit < units.count - 1 {
        value /= 1024
        unit += 1
    }
    return "\(decimal(value)) \(units[unit])"
}

/// A length of time in its two largest units: `45 s`, `3 h 12 min`; below a second in milliseconds.
func durationText(milliseconds: Int64) -> String {
    if milliseconds < 1000 { return "\(max(0, milliseconds)) ms" }
    let seconds = milliseconds / 1000
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return pair(seconds / 3600, "h", seconds / 60 % 60, "min") }
    return pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
}

/// How long ago a time of the API was, `now` in nanoseconds since 1970; the text itself where it is no time.
func ageText(_ time: String, now: Int64) -> String {
    guard let then = Timestamp.nanoseconds(time) else { return time }
    let (age, overflow) = now.subtractingReportingOverflow(then)
    guard !overflow, age >= 0 else { return time }
    let seconds = age / 1_000_000_000
    return switch seconds {
    case ..<60: "\(seconds) s ago"
    case ..<3600: "\(seconds / 60) min ago"
    case ..<86_400: "\(seconds / 3600) h ago"
    default: "\(seconds / 86_400) d ago"
    }
}

/// A number without a fraction that is none: `30`, `7.5`.
func numberText(_ number: Double) -> String { Int64(exactly: number).map { String($0) } ?? String(number) }

/// `1 file`, `2 files`.
func countText(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(count) \(count == 1 ? singular : plural)"
}

private func pair(_ first: Int64, _ firstUnit: String, _ second: Int64, _ secondUnit: String) -> String {
    second == 0 ? "\(first) \(firstUnit)" : "\(first) \(firstUnit) \(second) \(secondUnit)"
}

/// One digit after the point.
private func decimal(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
