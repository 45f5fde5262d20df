/// Gathers every fault and note of one load; used by one thread and thrown away after it.
final class Findings {
    /// More faults than anybody reads; a file of random words must not cost the time to compare them all.
    private static let limit = 1000

    private(set) var faults: [ConfigurationFault] = []
    private var known: Set<ConfigurationFault> = []
    private(set) var notes: [ConfigurationNote] = []

    func fault(_ origin: SettingOrigin, _ message: String) {
        guard faults.count <= Self.limit else { return }
        let isLast = faults.count == Self.limit
        let fault = ConfigurationFault(origin, isLast ? "there are more faults than are told here" : message)
        // An alias brings the same node, so the same fault, to several places.
        if known.insert(fault).inserted { faults.append(fault) }
    }

    func note(_ origin: SettingOrigin, _ message: String) {
        notes.append(ConfigurationNote(origin: origin, message: message))
    }

    /// The faults of each file together and by line, files in the order in which they were first met.
    var sortedFaults: [ConfigurationFault] {
        var ranks: [String: Int] = [:]
        for fault in faults where ranks[fault.file] == nil { ranks[fault.file] = ranks.count }
        return faults.enumerated().sorted { left, right in
            let leftKey = (ranks[left.element.file] ?? 0, left.element.line ?? 0, left.offset)
            let rightKey = (ranks[right.element.file] ?? 0, right.element.line ?? 0, right.offset)
            return leftKey < rightKey
        }.map(\.element)
    }
}
