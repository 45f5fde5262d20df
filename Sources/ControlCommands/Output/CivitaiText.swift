internal import IndexAPI

/// How it goes with CivitAI, in a line: what is known, what is being done, and what a person should know.
func civitaiText(_ civitai: CivitaiStatus, now: Int64) -> String {
    let known = "\(civitai.found) found, \(civitai.notFound) unknown there"
    if civitai.state == "off" {
        let isAnythingKnown = civitai.found + civitai.notFound + civitai.error > 0
        return (["off" + (isAnythingKnown ? ": \(known)" : "")] + [civitai.message].compactMap(\.self))
            .joined(separator: "; ")
    }
    var parts = [
        "\(civitai.state.replacing("_", with: " ")): \(known), \(civitai.pending) to ask, \(civitai.error) failed"
    ]
    if civitai.key == "invalid" { parts.append("the API key is not valid") }
    if let retry = civitai.retryAt { parts.append("next try " + localMinuteText(retry, now: now)) }
    if let message = civitai.message { parts.append(message) }
    return parts.joined(separator: "; ")
}

/// What became of the question about a content: `found (by SHA256)`, with the sentence that there is to it.
func stateText(_ civitai: CivitaiLink) -> String {
    var text = civitai.state.replacing("_", with: " ")
    if let match = civitai.match { text += match == "pinned" ? " (pinned)" : " (by \(match))" }
    return civitai.message.map { "\(text): \($0)" } ?? text
}

/// The day of a time of the API in the user's time zone.
func localDayText(_ time: String?) -> String { time.map { String(localTimeText($0).prefix(10)) } ?? "-" }

/// Digits as CivitAI numbers its models, and not a hash.
func civitaiNumber(_ text: String) -> Int64? {
    text.utf8.count < 8 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
}
