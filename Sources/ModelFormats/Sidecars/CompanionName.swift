/// What the name of a file says about the model that it lies beside.
///
/// It is asked for every name that a walk meets, so names of other files are told apart by their last byte mostly.
package struct CompanionName: Hashable, Sendable {
    /// What a companion is for.
    package enum Role: Hashable, Sendable {
        /// `<stem>.json`: what people noted in A1111 or Forge, and what some CivitAI tools add there.
        case userNotes
        /// `<stem>.civitai.info` of the CivitAI helpers.
        case civitaiInfo
        /// `<stem>.civitai.json`.
        case civitaiJSON
        /// `<stem>.metadata.json` of Lora-Manager.
        case loraManager
        /// `<stem>.cm-info.json` of StabilityMatrix.
        case stabilityMatrix
        /// A picture or film of what the model makes; of several the one with the lowest rank is shown.
        case preview(rank: Int)

        /// Whether the name alone says which program wrote the file; a plain `.json` may be anything.
        var isDistinctive: Bool { self != .userNotes }
    }

    /// The model's file name without its ending, in its exact bytes.
    package let stem: [UInt8]
    package let role: Role

    /// Endings before which a stem may stand, those of more parts before those that they end in.
    private static let endings: [(ending: [UInt8], role: Role)] = {
        let texts: [(String, Role)] = [
            (".civitai.info", .civitaiInfo), (".civitai.json", .civitaiJSON), (".metadata.json", .loraManager),
            (".cm-info.json", .stabilityMatrix), (".json", .userNotes),
        ]
        let previews = previewEndings.enumerated().map { rank, text in (text, Role.preview(rank: rank)) }
        return (texts + previews).map { text, role in (Array(text.utf8), role) }
    }()

    /// A name made for a preview before one that an unrelated picture may have, then A1111's order of formats
    /// (AUTOMATIC1111/stable-diffusion-webui: modules/ui_extra_networks.py), then the films of Lora-Manager
    /// (willmiao/ComfyUI-Lora-Manager: py/utils/constants.py).
    private static let previewEndings = [
        ".preview.png", ".preview.jpg", ".preview.jpeg", ".preview.webp", ".preview.gif", ".preview.mp4",
        ".preview.webm", ".png", ".jpg", ".jpeg", ".webp",
    ]

    /// What a file may be, likeliest first; empty for most names.
    ///
    /// There may be two answers: `a.preview.png` belongs to the model `a`, or to a model `a.preview`.
    package static func readings(of name: [UInt8]) -> [CompanionName] {
        guard let last = name.last, canEnd(last) else { return [] }
        return endings.compactMap { ending, role in
            guard name.count > ending.count, name.suffix(ending.count).elementsEqual(ending) else { return nil }
            return CompanionName(stem: Array(name.dropLast(ending.count)), role: role)
        }
    }

    /// Every name that a file may have to lie beside models with this stem; the case of the endings matters, as it does
    /// to the programs that write and read them.
    package static func names(beside stem: [UInt8]) -> [[UInt8]] { endings.map { stem + $0.ending } }

    /// Whether an ending of the list ends in this byte: json png jpg jpeg webp gif mp4 webm info.
    private static func canEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "n"), UInt8(ascii: "g"), UInt8(ascii: "p"), UInt8(ascii: "f"), UInt8(ascii: "m"),
            UInt8(ascii: "o"):
            true
        default: byte == UInt8(ascii: "4")
        }
    }

    /// The name of a model file without its ending, which its companions share: `a.b` of `a.b.safetensors`.
    package static func stem(ofModelFile name: [UInt8]) -> [UInt8] {
        guard ModelFileFormat.isModelFile(name: name), let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else {
            return name
        }
        return Array(name[..<dot])
    }

    /// Whether a preview is a film; of its kind the file is only known by its name here.
    package static func isFilm(name: [UInt8]) -> Bool {
        [".mp4", ".webm"].contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
}
