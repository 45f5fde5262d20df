import CivitAIRecords
import JSON
import Testing

@Suite struct VersionReadingTests {
    @Test func everythingThatIsSaidOfAVersionIsRead() throws {
        let text = #"""
            {"id":10,"modelId":7,"name":"v","index":2,"baseModel":"Flux.9","baseModelType":"Standard",
             "description":"d","status":"Published","availability":"Public","air":"urn:air:x","usageControl":"Download",
             "uploadType":"Created","trainingStatus":null,"trainingDetails":{"type":"Character","params":[1.0]},
             "createdAt":"2024-11-11T11:46:50.924Z","updatedAt":"2024-11-11T11:49:42Z","publishedAt":null,
             "nsfwLevel":0,"trainedWords":["a, b","c",""],"stats":{"downloadCount":null,"thumbsUpCount":5},
             "model":{"name":"M","type":"LORA","nsfw":true,"poi":false,"mode":"TakenDown"},
             "downloadUrl":"https://c/1",
             "files":[{"id":3,"sizeKB":167938.8828125,"name":"f.safetensors","type":"Model",
                "pickleScanResult":"Success","pickleScanMessage":"No Pickle imports","virusScanResult":"Pending",
                "virusScanMessage":null,"scannedAt":"2025-05-19T02:43:46.31",
                "metadata":{"format":"SafeTensor","size":"pruned","fp":"fp16","quantType":"Q4"},
                "hashes":{"AutoV1":"88828ae7","sha256":"ABCD","Blake3":"ef","CRC32":"","Other":"zz","AutoV2":null},
                "primary":true,"downloadUrl":"https://c/d"},null,{"name":"no id"}],
             "images":[{"url":"https://i/1","nsfwLevel":2,"width":768,"height":1280,"hash":"UOF","type":"image",
                "minor":false,"poi":true,"availability":"Public","hasMeta":true,"hasPositivePrompt":false,
                "onSite":true,"remixOfId":5,"meta":null},{"url":""},{},null]}
            """#
        let version = try #require(try version(text))
        #expect(version.id == 10 && version.modelID == 7 && version.name == "v" && version.index == 2)
        #expect(version.baseModel == "Flux.9" && version.baseModelType == "Standard" && version.description == "d")
        #expect(version.status == "Published" && version.usageControl == "Download" && version.uploadType == "Created")
        #expect(version.trainingDetails == #"{"type":"Character","params":[1.0]}"#)
        #expect(version.createdAt == "2024-11-11T11:46:50.924Z" && version.updatedAt == "2024-11-11T11:49:42.000Z")
        #expect(version.publishedAt == nil && version.nsfwLevel == 0 && version.trainedWords == ["a, b", "c"])
        #expect(version.statistics.downloads == nil && version.statistics.thumbsUp == 5)
        #expect(version.air == "urn:air:x" && version.downloadURL == "https://c/1" && version.earlyAccess == nil)
        #expect(version.model?.id == 7 && version.model?.mode == "TakenDown" && version.model?.isNSFW == true)

        let file = try #require(version.files?.first)
        #expect(version.files?.count == 1 && file.id == 3 && file.bytes == 171_969_416 && file.isPrimary == true)
        #expect(file.format == "SafeTensor" && file.variant == "pruned" && file.precision == "fp16")
        #expect(file.quantization == "Q4" && file.scannedAt == "2025-05-19T02:43:46.310Z")
        #expect(file.hashes == ["AutoV1": "88828AE7", "SHA256": "ABCD", "BLAKE3": "EF"])
        #expect(file.virusScanResult == "Pending" && file.virusScanMessage == nil)

        let image = try #require(version.images?.first)
        #expect(version.images?.count == 1 && image.nsfwLevel == 2 && image.width == 768 && image.blurHash == "UOF")
        #expect(image.isPersonOfInterest == true && image.isMadeOnSite == true && image.remixOfID == 5)
        #expect(image.parameters == nil && image.resources == nil)
    }

    @Test func whatIsMissingIsUnknownAndNotNone() throws {
        let bare = try #require(try version(#"{"id":1,"model":{"name":"without a number"}}"#))
        #expect(bare.files == nil && bare.images == nil && bare.trainedWords == nil && bare.model == nil)
        let empty = try #require(try version(#"{"id":1,"files":[],"images":[],"trainedWords":[]}"#))
        #expect(empty.files == [] && empty.images == [] && empty.trainedWords == [])
    }

    @Test func wrongTypesAreNothing() throws {
        let keys = [
            "modelId", "name", "index", "baseModel", "description", "createdAt", "publishedAt", "nsfwLevel",
            "trainedWords", "stats", "downloadUrl", "files", "images", "model", "earlyAccessConfig", "trainingDetails",
        ]
        for value in ["null", "{}", "[]", #""""#, "-1", "1e400", "true", "[null,1,{},[]]"] {
            let members = keys.map { "\"\($0)\":\(value)" }.joined(separator: ",")
            let version = try #require(try version("{\"id\":1,\(members)}"))
            #expect(version.modelID == nil && version.name == nil && version.createdAt == nil)
            #expect(version.files?.isEmpty != false && version.images?.isEmpty != false && version.earlyAccess == nil)
        }
        let file = try version(#"{"id":1,"files":[{"id":1,"sizeKB":-1,"hashes":[1],"metadata":7}]}"#)?.files?.first
        #expect(file?.sizeKB == nil && file?.hashes.isEmpty == true && file?.metadata == nil)
    }

    @Test func listsAreBounded() throws {
        func list(_ count: Int, _ element: (Int) -> String) -> String {
            (1...count).map(element).joined(separator: ",")
        }
        let files = list(300) { "{\"id\":\($0)}" }
        let images = list(300) { "{\"url\":\"u\($0)\"}" }
        let words = list(300) { "\"\($0)\"" }
        let version = try version(#"{"id":1,"files":[\#(files)],"images":[\#(images)],"trainedWords":[\#(words)]}"#)
        #expect(version?.files?.count == 200 && version?.images?.count == 100 && version?.trainedWords?.count == 200)
    }

    @Test(
        arguments: [
            ("2025-05-19T02:43:46", "2025-05-19T02:43:46.000Z"), ("2025-05-19T02:43:46.3", "2025-05-19T02:43:46.300Z"),
            ("2025-05-19T02:43:46.123456", "2025-05-19T02:43:46.123Z"),
            ("2025-05-19T02:43:46.123456789Z", "2025-05-19T02:43:46.123Z"),
            ("2025-05-19 02:43:46.5+00", "2025-05-19T02:43:46.500Z"),
            ("2025-05-19T02:43:46+02:00", "2025-05-19T00:43:46.000Z"),
            ("2025-05-19T02:43:46-0130", "2025-05-19T04:13:46.000Z"), ("2025-05-19", nil), ("soon", nil), ("", nil),
            ("2025-05-19T02:43:46+1", nil), ("9999-12-31T00:00:00Z", nil), ("2025-13-19T02:43:46Z", nil),
            ("2025-05-19T02:43:46.1234567890", nil), ("2025-05-19T02:43:4é", nil),
        ] as [(String, String?)])
    func momentsAreReadInEverySpelling(text: String, moment: String?) throws {
        #expect(try version(#"{"id":1,"createdAt":"\#(text)"}"#)?.createdAt == moment)
    }

    @Test(
        arguments: [
            (#""paidAccess":{"permanent":false,"endsAt":"2099-01-01T00:00:00.000Z"}"#, "2099-01-01T00:00:00.000Z"),
            (#""paidAccess":{"permanent":false,"endsAt":null}"#, ""), (#""paidAccess":{"permanent":false}"#, ""),
            (#""paidAccess":{"permanent":true,"endsAt":"2099-01-01T00:00:00.000Z"}"#, ""),
            (#""paidAccess":null,"earlyAccessEndsAt":"2024-01-01T00:00:00Z""#, "2024-01-01T00:00:00.000Z"),
            (#""earlyAccessDeadline":"2024-01-01T00:00:00Z""#, "2024-01-01T00:00:00.000Z"),
            (
                #""earlyAccessEndsAt":null,"earlyAccessConfig":{"timeframe":15},"publishedAt":"2024-01-01T00:00:00Z""#,
                "2024-01-16T00:00:00.000Z"
            ),
            (#""earlyAccessTimeFrame":1,"publishedAt":"2023-05-05T19:34:49.890Z""#, "2023-05-06T19:34:49.890Z"),
            (#""earlyAccessTimeFrame":1,"createdAt":"2023-05-05T19:34:49.890Z""#, "2023-05-06T19:34:49.890Z"),
            (#""earlyAccessTimeFrame":2"#, ""), (#""availability":"EarlyAccess""#, ""),
            (
                #""earlyAccessTimeFrame":9223372036854775807,"publishedAt":"2250-01-01T00:00:00Z""#,
                "2260-01-09T00:00:00.000Z"
            ),
            (#""earlyAccessTimeFrame":0"#, nil), (#""earlyAccessConfig":{}"#, nil), (#""availability":"Public""#, nil),
            (#""paidAccess":null"#, nil),
        ] as [(String, String?)])
    func earlyAccessIsReadInEverySpelling(members: String, end: String?) throws {
        let access = try version("{\"id\":1,\(members)}")?.earlyAccess
        #expect(access == end.map { CivitAIEarlyAccess(endsAt: $0.isEmpty ? nil : $0) })
    }
}
