extension Responder {
    /// What all answers say of a file, the download address last.
    func fileMembers(
        _ file: StandInFile, _ entry: Catalogue.Entry, isPrimary: Bool, site: String
    ) -> [(name: String, value: JSONTree)] {
        let hashes = StandInHashKind.allCases.compactMap { kind in
            file.storedHash(kind).map { (name: kind.rawValue, value: JSONTree.text($0)) }
        }
        return [
            ("id", .integer(file.id ?? 0)), ("sizeKB", .number(Double(file.bytes) / 1024)),
            ("name", .text(downloadName(of: file, entry))), ("type", .text(file.type)),
            ("pickleScanResult", .text(file.pickleScanResult)),
            ("pickleScanMessage", JSONTree(file.pickleScanMessage)),
            ("virusScanResult", .text(file.virusScanResult)), ("virusScanMessage", nil),
            ("scannedAt", JSONTree(file.scannedAt)),
            (
                "metadata",
                ["format": JSONTree(file.format), "size": JSONTree(file.variant), "fp": JSONTree(file.precision)]
            ),
            ("hashes", .object(hashes)), ("downloadUrl", .text(address(of: file, entry, isPrimary, site))),
        ]
    }

    private func address(
        of file: StandInFile, _ entry: Catalogue.Entry, _ isPrimary: Bool, _ site: String
    ) -> String {
        let address = "\(site)/api/download/models/\(entry.version.id)"
        guard !isPrimary else { return address }
        let parameters = [
            ("type", file.type), ("format", file.format), ("size", file.variant), ("fp", file.precision),
        ].compactMap { name, value in
            value.map { "\(name)=\($0.split(separator: " ").joined(separator: "%20"))" }
        }
        return address + "?" + parameters.joined(separator: "&")
    }

    /// The images that answers about a version show.
    func images(of entry: Catalogue.Entry) -> [StandInImage] {
        entry.model.mode == .takenDown ? [] : entry.version.images
    }

    /// An image; answers about a model do not say how it was made.
    func imageObject(_ image: StandInImage, withMeta: Bool) -> JSONTree {
        let meta = metaObject(of: image)
        let (width, height) = (JSONTree(image.width), JSONTree(image.height))
        var members: [(name: String, value: JSONTree)] = [
            ("url", .text(imageAddress(of: image))), ("nsfwLevel", JSONTree(image.level)), ("width", width),
            ("height", height), ("hash", JSONTree(image.hash)), ("type", .text(image.type)),
            ("metadata", ["hash": JSONTree(image.hash), "size": 1_000_000, "width": width, "height": height]),
            ("minor", false), ("poi", false),
        ]
        if withMeta {
            members.append(("meta", meta))
            members.append(("availability", "Public"))
        }
        members += [
            ("hasMeta", .boolean(!meta.isEmpty)), ("hasPositivePrompt", .boolean(meta["prompt"]?.isEmpty == false)),
            ("onSite", false), ("remixOfId", nil),
        ]
        return .object(members)
    }

    private func imageAddress(of image: StandInImage) -> String {
        let digits = String(image.id, radix: 16)
        let folder = "00000000-0000-4000-8000-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        let ending = image.type == "video" ? "mp4" : image.type == "audio" ? "mp3" : "jpeg"
        let name = image.fileName ?? "\(image.id).\(ending)"
        return "\(baseURL)/image/xG1nkqKTMzGDvpLrqFT7WA/\(image.folder ?? folder)/original=true/\(name)"
    }

    private func metaObject(of image: StandInImage) -> JSONTree {
        let told = image.meta.map { Array($0.utf8) }
        let tree = told.map { (try? JSONTree(reading: $0)) ?? .verbatim($0) }
        guard !image.resources.isEmpty else { return tree ?? .null }
        var members: [(name: String, value: JSONTree)] = []
        if case .object(let known) = tree { members = known }
        let own = image.resources.filter { $0.versionID == nil }
        members.append(("resources", .list(own.map { resourceObject($0) })))
        let known = image.resources.filter { $0.versionID != nil }
        if !known.isEmpty { members.append(("civitaiResources", .list(known.map { resourceObject($0) }))) }
        return .object(members)
    }

    private func resourceObject(_ resource: StandInResource) -> JSONTree {
        var members: [(name: String, value: JSONTree)] = [("type", .text(resource.type))]
        if let name = resource.name { members.append(("name", .text(name))) }
        if let hash = resource.hash { members.append(("hash", .text(hash))) }
        if let weight = resource.weight { members.append(("weight", .number(weight))) }
        if let version = resource.versionID { members.append(("modelVersionId", .integer(version))) }
        return .object(members)
    }
}
