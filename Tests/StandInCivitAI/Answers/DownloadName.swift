/// The name that answers give a file, which is rarely that of the uploaded one.
func downloadName(of file: StandInFile, _ entry: Catalogue.Entry) -> String {
    let (model, version) = (entry.model, entry.version)
    if let name = file.overrideName ?? file.recordedName { return name }
    let hasLetters = model.name.utf8.contains { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
    guard !["LORA", "LoCon"].contains(model.type), hasLetters else { return file.name }
    let ending = file.name.split(separator: ".").last.map(String.init) ?? "bin"
    if model.type == "TextualInversion" {
        guard let word = version.trainedWords.first else { return file.name }
        return word + (file.type == "Negative" ? "-neg" : "") + "." + ending
    }
    var name = camelCase(model.name) + "_" + camelCase(version.name)
    if version.baseModelType == "Inpainting" { name += "-inpainting" }
    if file.type == "Text Encoder" { name += "_txt" }
    return name + "." + ending
}

/// The words of a text, which only have ASCII letters and digits, as one word.
private func camelCase(_ text: String) -> String {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.enumerated().map { index, word in
        let first = word.prefix(1)
        return (index == 0 ? first.lowercased() : first.uppercased()) + word.dropFirst()
    }.joined()
}
