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
        var file = Self.file
        file.type = "lora"
        file.hashes.autoV3 = "CD"
        var header = FileHeader()
        header.dtypes = ["F16": 1]
        file.header = header
        file.part = FilePart(index: 1, count: 3, complete: true)
        file.metadata = ["ss_output_name": "a"]
        file.topTags = [TagCount(tag: "cat", count: 3)]
        file.pickle = PickleReport(imports: ["os.system"], dangerous: ["os.system"])
        file.trainedOn = TrainedOn(sha256: nil, name: "base", path: nil)
        file.user.preferredWeight = 0.8
        file.preview = PreviewReference(
            source: "beside", path: nil, url: "/api/v1/files/1/preview", nsfwLevel: 1, type: "image")
        file.civitai.modelID = 1
        let data = try WireJSON.encode(file)
        #expect(try WireJSON.decode(FileObject.self, from: data) == file)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(String(decoding: data, as: UTF8.self) == String(decoding: try encoder.encode(file), as: UTF8.self))
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
