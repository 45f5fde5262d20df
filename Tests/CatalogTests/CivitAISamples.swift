import CivitAIRecords

@testable import Catalog

extension CivitAIModel {
    /// A LoRA with versions.
    static func sample(_ id: Int64 = 10, versions: [CivitAIVersion] = []) -> CivitAIModel {
        var model = CivitAIModel(id: id)
        model.name = "Model \(id)"
        model.type = "LORA"
        model.creator = CivitAICreator(username: "anna", imageURL: "https://example.org/anna.png")
        model.tags = ["style", "anime"]
        model.versions = versions
        return model
    }
}

extension CivitAIVersion {
    /// A published version with one file, whose SHA256 begins with these digits.
    static func sample(
        _ id: Int64, of model: Int64 = 10, baseModel: String = "SDXL 1.0", sha256: String? = nil,
        published: String = "2025-01-01T00:00:00.000Z"
    ) -> CivitAIVersion {
        var version = CivitAIVersion(id: id)
        version.modelID = model
        version.name = "v\(id)"
        version.baseModel = baseModel
        version.status = "Published"
        version.publishedAt = published
        version.trainedWords = ["word \(id)", "another, with a comma"]
        var file = CivitAIFile(id: id * 10)
        file.name = "v\(id).safetensors"
        file.type = "Model"
        file.sizeKB = 10.0 / 1024
        if let sha256 { file.hashes = ["SHA256": ContentDigests.sample(sha256).sha256.uppercased()] }
        version.files = [file]
        return version
    }
}

extension Fixture {
    static let tomorrow = "2025-01-02T00:00:00.000Z"

    /// Keeps a whole model.
    func store(_ model: CivitAIModel, raw: [UInt8]? = nil, at now: String = Fixture.now) throws {
        let raw = raw.flatMap { CompressedText($0) }
        try write { try $0.store(model, raw: raw, next: Self.tomorrow, at: now) }
    }

    /// Adds a file that has been read, and links it.
    @discardableResult
    func addLinked(
        _ name: String, _ digits: String, to version: Int64, of model: Int64 = 10, inode: UInt64 = 1,
        role: StoredLookup.Role = .model
    ) throws -> Int64 {
        let id = try addIndexed(name, .sample(digits), .sample(inode: inode))
        let content = try content(id)
        _ = try write {
            try $0.link(
                content: content,
                to: ContentLink(versionID: version, modelID: model, fileID: version * 10, match: .sha256, role: role),
                at: Self.now)
        }
        return id
    }

    /// The content of a file.
    func content(_ file: Int64) throws -> Int64 { try details(file)?.contentID ?? 0 }

    /// The digests that are due, as their first digits.
    func due(at now: String = "2100-01-01T00:00:00.000Z") throws -> [String] {
        try read { try $0.dueLookups(at: now, limit: 100) }.map { String($0.sha256.prefix(2)) }.sorted()
    }
}
