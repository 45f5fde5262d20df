internal import JSON

// Small JSON texts that rows hold, read for each row of an answer.

/// The strings of a JSON array; none for NULL and for anything else.
func decodedList(_ text: String?) -> [String] {
    guard let elements = decodedValue(text)?.elements else { return [] }
    let strings = elements.compactMap(\.string)
    return strings.count == elements.count ? strings : []
}

/// The numbers of a JSON object by their names; none for NULL and for anything else.
func decodedCounts(_ text: String?) -> [String: Int] {
    guard let members = decodedValue(text)?.members else { return [:] }
    var counts: [String: Int] = [:]
    for member in members {
        guard case .integer(let number) = member.value, let count = Int(exactly: number) else { return [:] }
        counts[member.name] = count
    }
    return counts
}

private func decodedValue(_ text: String?) -> JSONValue? {
    text.flatMap { try? JSONValue(Array($0.utf8)) }
}
