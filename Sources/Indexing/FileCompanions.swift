internal import DirectoryWatching
internal import LinuxSystem
internal import ModelFormats

/// What lies beside a file and says something of it: sidecars, images, the other parts of the same model.
struct FileCompanions {
    private static let versionBits: Int64 = 0xFF

    /// Sidecars and images, in bytewise order of their names.
    let sidecars: [FoundFile]
    /// nil for a file that is a model by itself.
    let part: PartName?
    /// The other parts that are there, in their order.
    let otherParts: [FoundFile]
    /// What a look at the file goes by: the rules of this program, and what lies beside it.
    let look: Int64

    init(sidecars: [FoundFile], part: PartName?, otherParts: [FoundFile]) {
        self.sidecars = sidecars
        self.part = part
        self.otherParts = otherParts
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for file in sidecars + otherParts { Self.add(file, to: &hash) }
        look = Int64(bitPattern: hash << 8) | FileInspector.version
    }

    /// FNV-1a (RFC 9923), since the value is stored: Swift's own hashes differ from run to run.
    private static func add(_ file: FoundFile, to hash: inout UInt64) {
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in file.name { add(byte) }
        for number in [file.status.size, file.status.modified] {
            for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
        }
    }

    /// True when a look that went by `other` was taken by the rules of this program, and the file is judged by its own
    /// header alone: what is known of its bytes stands.
    func keepsHeader(of other: Int64?) -> Bool {
        guard let other else { return false }
        return part == nil && other & Self.versionBits == FileInspector.version
    }
}

/// What lies beside the files of one directory that was listed.
struct DirectoryCompanions {
    private var byStem: [[UInt8]: [FoundFile]] = [:]
    private var parts: [PartName: FoundFile] = [:]

    init(_ listed: ListedDirectory) {
        for file in listed.files {
            if let part = PartName(file.name) { parts[part] = file }
        }
        for file in listed.companions {
            for reading in CompanionName.readings(of: file.name) { byStem[reading.stem, default: []].append(file) }
        }
    }

    func companions(of name: [UInt8]) -> FileCompanions {
        let sidecars = byStem.isEmpty ? [] : byStem[CompanionName.stem(ofModelFile: name)] ?? []
        let part = parts.isEmpty ? nil : PartName(name)
        let others = part?.allNames.filter { $0 != name }.compactMap { PartName($0).flatMap { parts[$0] } } ?? []
        return FileCompanions(sidecars: sidecars, part: part, otherParts: others)
    }
}
