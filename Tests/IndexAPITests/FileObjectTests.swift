import FoundationEssentials
import Testing

@testable import IndexAPI

@Suite struct FileObjectTests {
    static let file = FileObject(
        id: 1, path: "/srv/models/loras/a.safetensors", name: "a.safetensors", root: "/srv/models", folder: "loras",
        size: 123, modifiedAt: "2025-01-01T00:00:00.000Z", state: "pending")

    static let keys: Set<String> = [
        "id", "path", "name", "root", "folder", "type", "type_source", "base_model", "base_model_source",
        "base_model_type", "format", "size", "modified_at", "state", "error", "sha256", "hashes", "header", "part",
        "metadata", "top_tags", "pickle", "trained_words", "trained_words_source", "trained_on", "user", "preview",
        "hard_links", "symlink", "copies", "civitai",
    ]

    @Test func everyKeyIsWrittenWhenNothingIsKnown() throws {
        let json = try WireJSON.decode([String: AnyValue].self, from: WireJSON.encode(Self.file))
        #expect(Set(json.keys) == Self.keys)
        for key in ["type", "error", "sha256", "header", "metadata", "preview"] { #expect(json[key] == .null) }
        #expect(json["hashes"] == .object([:]))
        guard case .object(let civitai) = json["civitai"], case .object(let user) = json["user"] else {
            Issue.record("civitai and user are objects")
            return
        }
        #expect(civitai.count == 17)
        #expect(civitai["state"] == .string("off"))
        #expect(user.count == 5)
    }

    @Test func onlyHashesThatApplyAreWritten() throws {
        var hashes = FileHashes()
        hashes.sha256 = "AB"
        hashes.crc32 = "00"
        #expect(String(decoding: try WireJSON.encode(hashes), as: UTF8.self) == #"{"CRC32":"00","SHA256":"AB"}"#)
    }

    @Test func theBytesOfAPathAreWrittenOnlyWhenGiven() throws {
        var file = Self.file
        file.pathBase64 = "L/8="
        let json = try WireJSON.decode([String: AnyValue].self, from: WireJSON.encode(file))
        #expect(json["path_base64"] == .string("L/8="))
    }

    @Test func aFileWithEverythingComesBackEqual() throws {
        let file = Self.fileWithEverything
        #expect(try WireJSON.decode(FileObject.self, from: WireJSON.encode(file)) == file)
    }

    @Test(arguments: [file, fileWithEverything]) func whatIsWrittenIsWhatTheTypesEncode(_ file: FileObject) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func check(_ value: some Encodable) throws {
            #expect(try WireJSON.encode(value) == Array(try encoder.encode(value)))
        }
        try check(file)
        try check(LookupAnswer(hash: "ab", matched: ["SHA256", "AutoV3"], files: [file, Self.file]))
        try check(LookupAnswer(hash: "ab", matched: [], files: []))
    }

    /// No part of it is missing, and each is another.
    static var fileWithEverything: FileObject {
        var file = FileObject(
            id: 1, path: "/srv/\\xFF/\"a\".safetensors", pathBase64: "L/8=", name: "\"a\".safetensors", root: "/srv",
            folder: "\\xFF\n\u{7F}\u{1F600}", size: 123, modifiedAt: "2025-01-01T00:00:00.000Z", state: "indexed")
        file.type = "lora"
        file.typeSource = "content"
        file.baseModel = "SDXL 1.0"
        file.baseModelSource = "civitai"
        file.baseModelType = "Standard"
        file.format = "safetensors"
        file.error = "a\tsentence"
        file.sha256 = "ab"
        file.hashes.sha256 = "AB"
        file.hashes.autoV1 = "01"
        file.hashes.autoV2 = "02"
        file.hashes.autoV3 = "03"
        file.hashes.crc32 = "04"
        file.hashes.blake3 = "05"
        file.header = header
        file.part = FilePart(index: 1, count: 3, complete: true)
        file.metadata = ["ss_output_name": "a", "\"": "b"]
        file.topTags = [TagCount(tag: "cat", count: 3)]
        file.pickle = PickleReport(imports: ["os.system", "a.b"], dangerous: ["os.system"])
        file.trainedWords = ["one", "two"]
        file.trainedWordsSource = "user"
        file.trainedOn = TrainedOn(sha256: "cd", name: "base", path: "/srv/base")
        file.user.description = "a description"
        file.user.notes = "notes"
        file.user.activationText = "activation"
        file.user.negativeText = "negative"
        file.user.preferredWeight = 0.8
        file.preview = PreviewReference(
            source: "beside", path: "/srv/a.png", url: "/api/v1/files/1/preview", nsfwLevel: 1, type: "image")
        file.hardLinks = 2
        file.symlink = true
        file.copies = ["/srv/b", "/srv/c"]
        file.civitai = link
        return file
    }

    private static var header: FileHeader {
        var header = FileHeader()
        header.size = 1
        header.tensorCount = 2
        header.parameterCount = 3
        header.dtypes = ["F8_E4M3": 4, "F16": 5, "BF16": 6]
        header.architecture = "llama"
        header.quantization = "Q4_K"
        header.prediction = "v"
        header.components = ["unet", "vae"]
        return header
    }

    private static var link: CivitaiLink {
        var link = CivitaiLink()
        link.state = "found"
        link.source = "api"
        link.match = "SHA256"
        link.role = "model"
        link.modelID = 1
        link.versionID = 2
        link.modelName = "a model"
        link.versionName = "a version"
        link.modelType = "LORA"
        link.baseModel = "Pony"
        link.trainedWords = ["three"]
        link.creator = "somebody"
        link.nsfwLevel = 3
        link.pageURL = "https://civitai.com/models/1"
        link.checkedAt = "2025-01-01T00:00:00.000Z"
        link.nextCheckAt = "2025-01-02T00:00:00.000Z"
        link.message = "a message"
        return link
    }

    @Test func aMissingNullableKeyIsReadAsNothing() throws {
        let scan = try WireJSON.decode(
            LastScan.self, from: Data(#"{"id":1,"started_at":"2025-01-01T00:00:00.000Z"}"#.utf8))
        #expect(scan.completedAt == nil)
    }
}

/// JSON of any shape, to look at what was written without the types that wrote it.
enum AnyValue: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([AnyValue])
    case object([String: AnyValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([AnyValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: AnyValue].self))
        }
    }
}
