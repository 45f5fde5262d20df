/// A date as HTTP writes it (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let daysInMonth: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
    /// `Sun Nov  6 08:49:37 1994`; nil for anything else. `now` tells the century of a year with two digits.
    static func seconds(_ text: [UInt8], now: Int64) -> Int64? {
        let words = String(decoding: text, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard let first = words.first else { return nil }
        if first.hasSuffix(","), words.last == "GMT" {
            let name = String(first.dropLast())
            if words.count == 6, days.contains(name), words[1].utf8.count == 2, words[3].utf8.count == 4 {
                return seconds(day: words[1], month: words[2], year: number(words[3]), time: words[4])
            }
            let date = words.count == 4 ? words[1].split(separator: "-", omittingEmptySubsequences: false) : []
            guard longDays.contains(name), date.count == 3, date[0].utf8.count == 2, date[2].utf8.count == 2 else {
                return nil
            }
            return recent(day: date[0], month: date[1], year: number(date[2]), time: words[2], now: now)
        }
        // A day below ten stands behind two spaces.
        let rest = words.dropFirst(2)
        let day = rest.first == "" ? rest.dropFirst().prefix(1) : rest.prefix(1)
        guard days.contains(String(first)), let number = day.first, rest.count == (number.utf8.count == 1 ? 4 : 3),
            let year = words.last, year.utf8.count == 4
        else { return nil }
        return seconds(day: number, month: words[1], year: Self.number(year), time: words[words.count - 2])
    }

    /// A year that seems to lie more than fifty years ahead is one of the past.
    private static func recent(
        day: Substring, month: Substring, year: Int64?, time: Substring, now: Int64
    ) -> Int64? {
        guard let year else { return nil }
        let fiftyYears: Int64 = 1_577_880_000
        var century = (1970 + now / 31_557_600) / 100 * 100 + 100
        while century >= 1900 {
            guard let moment = seconds(day: day, month: month, year: century + year, time: time) else { return nil }
            if moment <= now.advanced(saturating: fiftyYears) { return moment }
            century -= 100
        }
        return nil
    }

    private static func seconds(day: Substring, month: Substring, year: Int64?, time: Substring) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let year, let day = number(day), (1...31).contains(day),
            let month = months.firstIndex(of: String(month)), clock.count == 3,
            clock.allSatisfy({ $0.utf8.count == 2 }), let hour = number(clock[0]), hour < 24,
            let minute = number(clock[1]), minute < 60, let second = number(clock[2]), second <= 60
        else { return nil }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        guard day <= daysInMonth[month] + (month == 1 && isLeapYear ? 1 : 0) else { return nil }
        let before = daysInMonth[..<month].reduce(month > 1 && isLeapYear ? 1 : 0, +)
        let days = (year - 1970) * 365 + leapYears(before: year) - leapYears(before: 1970) + before + day - 1
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    private static func leapYears(before year: Int64) -> Int64 { (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy(isDigit) ? Int64(text) : nil
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
