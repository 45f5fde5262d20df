import FoundationEssentials
import IndexAPI

/// Reads CSV as RFC 4180 has it, and no other: an empty cell without quotes is nil.
func csvRecords(_ text: String) throws -> [[String?]] {
    var records: [[String?]] = []
    var record: [String?] = []
    var rest = Array(text.unicodeScalars)[...]
    while !rest.isEmpty {
        if rest.first == "\"" {
            rest.removeFirst()
            var cell = String.UnicodeScalarView()
            while true {
                guard let scalar = rest.popFirst() else { throw CSVFault(message: "a cell has no end") }
                if scalar != "\"" {
                    cell.append(scalar)
                } else if rest.first == "\"" {
                    cell.append(rest.removeFirst())
                } else {
                    break
                }
            }
            record.append(String(cell))
        } else {
            let cell = rest.prefix { $0 != "," && $0 != "\r" }
            guard !cell.contains("\""), !cell.contains("\n") else { throw CSVFault(message: "a cell needs quotes") }
            record.append(cell.isEmpty ? nil : String(String.UnicodeScalarView(cell)))
            rest = rest.dropFirst(cell.count)
        }
        let end = rest.popFirst()
        if end == "," { continue }
        guard end == "\r", rest.popFirst() == "\n" else { throw CSVFault(message: "a record has no end") }
        records.append(record)
        record = []
    }
    return records
}

struct CSVFault: Error { let message: String }

/// The columns whose cells are JSON and not text.
private let jsonColumns: Set<String> = [
    "id", "size", "header.size", "header.tensor_count", "header.parameter_count", "header.dtypes", "header.components",
    "part.index", "part.count", "part.complete", "metadata", "top_tags", "pickle.imports", "pickle.dangerous",
    "trained_words", "user.preferred_weight", "preview.nsfw_level", "hard_links", "symlink", "copies",
    "civitai.model_id", "civitai.version_id", "civitai.trained_words", "civitai.nsfw_level",
]

/// The file that a record of an export describes, by nothing but its names and cells.
func file(_ names: [String], _ cells: [String?]) throws -> FileObject {
    var values: [String] = []
    var objects: [String: [String]] = ["hashes": [], "user": [], "civitai": []]
    for (name, cell) in zip(names, cells) {
        guard let cell else { continue }
        let parts = name.split(separator: ".").map(String.init)
        let quoted = String(decoding: try JSONEncoder().encode([cell]), as: UTF8.self).dropFirst().dropLast()
        let member = "\"\(parts[parts.count - 1])\":\(jsonColumns.contains(name) ? cell : String(quoted))"
        if parts.count == 1 { values.append(member) } else { objects[parts[0], default: []].append(member) }
    }
    values += objects.map { "\"\($0.key)\":{\($0.value.joined(separator: ","))}" }
    return try WireJSON.decode(FileObject.self, from: Data("{\(values.joined(separator: ","))}".utf8))
}
