@testable import JSON
@testable import ModelFormats

/// JSON files beside models, and the key-values inside of them.
///
/// The last byte of an input tells which kind of file it is.
enum Target: FuzzTarget {
    private static let roles: [CompanionName.Role] = [
        .userNotes, .civitaiInfo, .civitaiJSON, .loraManager, .stabilityMatrix,
    ]

    static var seeds: [[UInt8]] {
        let notes =
            #"{"description":"a","sd version":"SDXL","activation text":"x, y","preferred weight":0.5,"notes":""}"#
        let version = #"""
            {"id":12,"modelId":3,"name":"v1","baseModel":"Flux.1 D","trainedWords":["a, b","c"],"nsfwLevel":5,
             "model":{"name":"n","type":"LORA","nsfw":false},"images":[{"url":"u"}],
             "files":[{"name":"f.safetensors","sizeKB":1.5,"type":"Model","primary":true,
               "hashes":{"SHA256":"AA00","AutoV2":"0123456789","CRC32":"01234567","BLAKE3":"ff"}}]}
            """#
        let manager = #"""
            {"file_name":"f","sha256":"ab","size":12,"base_model":"SD 1.5","civitai":{"id":1,"modelId":2},"tags":["x"],
             "modelDescription":"<p>d</p>","usage_tips":"{}","from_civitai":true}
            """#
        let matrix = #"{"ModelId":1,"VersionId":2,"ModelType":"LORA","Hashes":{"SHA256":"00"},"TrainedWords":["w"]}"#
        let frequencies =
            #"{"ss_tag_frequency":"{\"10_a\":{\"b\":3,\"c\":1}}","modelspec.thumbnail":"data:image/png;base64,AAAA"}"#
        return [notes, version, manager, matrix, frequencies].flatMap { text in
            (0..<UInt8(roles.count)).map { Array(text.utf8) + [$0] }
        }
    }

    static var words: [[UInt8]] {
        Words.json
            + Words.of(
                "\"sd version\"", "\"activation text\"", "\"preferred weight\"", "\"negative text\"", "\"modelId\"",
                "\"trainedWords\"", "\"hashes\"", "\"SHA256\"", "\"baseModel\"", "\"civitai\"", "\"ss_datasets\"",
                "\"ss_tag_frequency\"", "\"modelspec.", "Model not found", "Unknown")
    }

    static func run(_ input: [UInt8]) {
        let bytes = Array(input.dropLast())
        let role = roles[Int(input.last ?? 0) % roles.count]
        let sidecar = Sidecar(role, bytes)
        if let user = sidecar.user {
            require(!user.isEmpty, "an empty part of the user")
            require(user.preferredWeight != 0 && user.preferredWeight?.isFinite != false, "a weight that is none")
        }
        if let civitai = sidecar.civitai {
            _ = (civitai.isEmpty, civitai.pageURL)
        }

        // The same text as the key-values inside of a model.
        guard let json = try? JSONValue(bytes), case .object(let members) = json else { return }
        let metadata = members.compactMap { member in
            member.value.string.map { (key: member.name, value: $0) }
        }
        let embedded = EmbeddedMetadata(metadata)
        require(embedded.topTags.count <= EmbeddedMetadata.maximumTopTags, "too many tags")
    }
}
