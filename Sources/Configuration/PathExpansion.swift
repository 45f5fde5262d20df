internal import LinuxSystem

/// Tilde and variables in paths, by the rules of Python's `os.path`, which are ComfyUI's.
struct PathExpansion {
    let surroundings: Surroundings
    let files: any ConfigurationFiles

    /// `~` and `~user` at the start become home directories (`os.path.expanduser`); nil when there is none to put.
    func expandingTilde(_ text: String) -> String? {
        guard text.hasPrefix("~") else { return text }
        let user = text.dropFirst().prefix { $0 != "/" }
        let home = user.isEmpty ? surroundings.home : files.homeDirectory(ofUser: String(user))
        guard let home else { return nil }
        var start = home.description
        while start.hasSuffix("/") { start.removeLast() }
        let path = start + text.dropFirst(1 + user.count)
        return path.isEmpty ? "/" : path
    }

    /// `$NAME` and `${NAME}` become the variable's value; one that is not set stays as it stands
    /// (`os.path.expandvars`).
    func expandingVariables(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            let name: Substring
            let end: Substring.Index
            if after.first == "{", let close = after.firstIndex(of: "}") {
                name = after[after.index(after: after.startIndex)..<close]
                end = after.index(after: close)
            } else {
                name = after.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                end = name.endIndex
            }
            if !name.isEmpty, let value = surroundings.environment[String(name)] {
                result += value
            } else {
                result += rest[dollar..<end]
            }
            rest = rest[end...]
        }
        return result + rest
    }

    /// A path of the configuration file: tilde expanded, relative to `base`, normalized by text.
    func path(_ text: String, relativeTo base: FilePath) throws(ValueProblem) -> FilePath {
        guard let expanded = expandingTilde(text) else {
            throw ValueProblem("no home directory is known for \(SettingValue.quoted(text))")
        }
        return FilePath(expanded).absolute(from: base)
    }
}
