internal import LinuxSystem
internal import YAML

/// Reads an `extra_model_paths.yaml` by ComfyUI's rule (its `load_extra_path_config`).
///
/// Every top-level section counts. `base_path`, tilde and variables expanded, is relative to the file's directory and
/// is itself the start of the section's entries; without it they start at the file's directory. A value has one
/// directory a line. `is_default` only orders ComfyUI's search and is passed over. What ComfyUI would stop at
/// is a fault; a key given twice counts as its last, as it does there, with a note.
struct ExtraModelPaths {
    let file: FilePath
    let expansion: PathExpansion
    let findings: Findings

    /// The directories in the order of the file; one may occur several times.
    func requests(_ bytes: [UInt8]) -> [RootRequest] {
        let document: YAMLNode?
        do throws(YAMLError) { document = try YAMLDocument.parse(bytes) } catch {
            findings.fault(origin(error.line), error.message)
            return []
        }
        guard let document, !document.isNull else { return [] }
        guard let sections = pairs(document, "the file") else { return [] }
        return sections.flatMap { section($0.key, $0.value) }
    }

    private func section(_ name: String, _ node: YAMLNode) -> [RootRequest] {
        if node.isNull { return [] }
        guard let entries = pairs(node, name) else { return [] }
        var base = file.parent
        if let node = entries.first(where: { $0.key == "base_path" })?.value {
            guard let text = text(node, "\(name).base_path", "a directory") else { return [] }
            // A tilde that stands for nothing stays a name, as in Python.
            let expanded = expansion.expandingVariables(expansion.expandingTilde(text) ?? text)
            base = FilePath(expanded).absolute(from: base)
        }
        return entries.filter { !ComfyUIFolder.ignored.contains($0.key) }.flatMap { key, node in
            directories(node, "\(name).\(key)").map { line, directory in
                RootRequest(
                    path: FilePath(directory).absolute(from: base), type: ComfyUIFolder.type(of: key),
                    origin: origin(line))
            }
        }
    }

    /// The lines of a value that are not blank, each with its place in the file.
    private func directories(_ node: YAMLNode, _ subject: String) -> [(line: Int, directory: String)] {
        guard let text = text(node, subject, "one directory a line") else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            guard !line.allSatisfy(\.isWhitespace) else { return nil }
            // The text of a literal block begins in the line after the `|`, and each line of it is one of the file.
            return (node.line + (node.scalar?.style == .literal ? 1 + index : 0), String(line))
        }
    }

    private func text(_ node: YAMLNode, _ subject: String, _ expected: String) -> String? {
        guard let scalar = node.scalar, !node.isNull else {
            let found = SettingValue.shown(node)
            findings.fault(origin(node.line), "\(subject): expected \(expected), found \(found)")
            return nil
        }
        return scalar.text
    }

    /// The pairs of a mapping, each key once: the last value at the first place, as Python's dictionaries do.
    private func pairs(_ node: YAMLNode, _ subject: String) -> [(key: String, value: YAMLNode)]? {
        guard let all = node.mapping else {
            let found = SettingValue.shown(node)
            findings.fault(origin(node.line), "\(subject): expected keys and values, found \(found)")
            return nil
        }
        var pairs: [(key: String, value: YAMLNode)] = []
        var positions: [String: Int] = [:]
        for pair in all {
            guard let key = pair.key.scalar?.text else {
                findings.fault(origin(pair.key.line), "a key must be a word")
                continue
            }
            guard let position = positions[key] else {
                positions[key] = pairs.count
                pairs.append((key, pair.value))
                continue
            }
            let shown = SettingValue.singleLine(key)
            findings.note(origin(pair.key.line), "\(shown) is given twice; as in ComfyUI this last one counts")
            pairs[position].value = pair.value
        }
        return pairs
    }

    private func origin(_ line: Int) -> SettingOrigin { SettingOrigin(source: file.description, line: line) }
}
