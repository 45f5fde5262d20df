/// Gathers every fault and note of one load; used by one thread and thrown away after it.
final class Findings {
    private(set) var faults: [ConfigurationFault] = []
    private(set) var notes: [ConfigurationNote] = []

    func fault(_ origin: SettingOrigin, _ message: String) {
        let fault = ConfigurationFault(origin, message)
        // An alias brings the same node, so the same fault, to several places.
        if !faults.contains(fault) { faults.append(fault) }
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
