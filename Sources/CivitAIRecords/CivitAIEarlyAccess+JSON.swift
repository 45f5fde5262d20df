internal import JSON
internal import LinuxSystem

extension CivitAIEarlyAccess {
    /// No early access has been longer than some weeks.
    private static let longestDays: Int64 = 3660

    /// Reads what a version says in whichever way its year has: `paidAccess`, a moment, a configuration with a number of
    /// days, a number of days alone, or only that it is so.
    ///
    /// Days count from the publication, or from the creation where nothing is said of that.
    init?(ofVersion json: JSONValue) {
        if let paidAccess = json["paidAccess"], paidAccess.isObject {
            // Without an end that is known it is gated, permanently or not.
            self.init(endsAt: paidAccess["permanent"]?.bool == true ? nil : paidAccess["endsAt"]?.moment)
        } else if let end = json["earlyAccessEndsAt"]?.moment ?? json["earlyAccessDeadline"]?.moment {
            self.init(endsAt: end)
        } else if let days = json["earlyAccessConfig"]?["timeframe"]?.count ?? json["earlyAccessTimeFrame"]?.count,
            days > 0
        {
            let start = json["publishedAt"]?.moment ?? json["createdAt"]?.moment
            let length = min(days, Self.longestDays) * 86_400_000_000_000
            let end = start.flatMap(Timestamp.nanoseconds)?.addingReportingOverflow(length)
            self.init(endsAt: end.flatMap { $0.overflow ? nil : Timestamp.text(nanoseconds: $0.partialValue) })
        } else if json["availability"]?.string == "EarlyAccess" {
            self.init(endsAt: nil)
        } else {
            return nil
        }
    }
}
