internal import YAML

/// The keys of one mapping, checked against those that are known there; every fault goes to the findings.
struct MappingFields {
    private let prefix: String
    private let file: String
    private let findings: Findings
    private var values: [String: YAMLNode] = [:]

    /// Reads a mapping; `section` is its key, nil at the top. Null has no keys, anything else is a fault.
    init(_ node: YAMLNode, section: String?, known: [String], file: String, findings: Findings) {
        prefix = section.map { $0 + "." } ?? ""
        self.file = file
        self.findings = findings
        guard let pairs = node.mapping else {
            if !node.isNull {
                let subject = section.map { $0 + ": " } ?? ""
                fault(node, "\(subject)expected keys and values, found \(SettingValue.shown(node))")
            }
            return
        }
        var lines: [String: Int] = [:]
        for pair in pairs {
            guard let key = pair.key.scalar?.text else {
                fault(pair.key, "a key must be a word")
                continue
            }
            if let line = lines[key] {
                fault(pair.key, "\(prefix)\(SettingValue.singleLine(key)) is given twice, first in line \(line)")
                continue
            }
            lines[key] = pair.key.line
            guard known.contains(key) else {
                let near = nearestWord(to: key, among: known)
                let hint = near.map { "did you mean \($0)?" } ?? "known here: \(known.joined(separator: ", "))"
                let place = section.map { " in \($0)" } ?? ""
                fault(pair.key, "unknown key \(SettingValue.quoted(key))\(place); \(hint)")
                continue
            }
            values[key] = pair.value
        }
    }

    /// The value of a key, nil where the key does not stand.
    subscript(_ key: String) -> YAMLNode? { values[key] }

    /// Replaces `value` by what the key holds; leaves it when the key does not stand or holds a fault.
    func read<Value>(_ key: String, into value: inout Value, _ reader: SettingValue.Reader<Value>) {
        guard let node = values[key] else { return }
        do throws(ValueProblem) { value = try reader(node) } catch { fault(node, "\(prefix)\(key): \(error.message)") }
    }

    /// Replaces `list` by the elements of the key's list, each fault with the line of its element.
    func readList<Value>(
        _ key: String, of expected: String, into list: inout [Value], _ reader: SettingValue.Reader<Value>
    ) {
        guard let node = values[key] else { return }
        guard let elements = node.sequence else {
            fault(node, "\(prefix)\(key): expected a list of \(expected), found \(SettingValue.shown(node))")
            return
        }
        list = elements.compactMap { element in
            do throws(ValueProblem) { return try reader(element) } catch {
                fault(element, "\(prefix)\(key): \(error.message)")
                return nil
            }
        }
    }

    func fault(_ node: YAMLNode, _ message: String) {
        findings.fault(SettingOrigin(source: file, line: node.line), message)
    }
}
