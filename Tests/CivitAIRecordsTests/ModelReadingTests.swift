import CivitAIRecords
import JSON
import Testing

@Suite struct ModelReadingTests {
    @Test func everythingThatIsSaidOfAModelIsRead() throws {
        let text = #"""
            {"id":7,"name":"Näme","description":"<p>x</p>","allowNoCredit":true,
             "allowCommercialUse":["Image","Sell"],"allowDerivatives":false,"allowDifferentLicense":true,
             "type":"LORA","minor":false,"sfwOnly":true,"poi":true,"nsfw":false,"nsfwLevel":31,"availability":"Public",
             "supportsGeneration":true,"mode":"Archived","tags":["a","b c"],
             "creator":{"username":"who","image":"https://i/x"},
             "stats":{"downloadCount":3,"thumbsUpCount":2,"thumbsDownCount":1,"commentCount":0,"tippedAmountCount":null,
                      "rating":4.50},
             "modelVersions":[{"id":8,"index":0,"name":"v1"},null,{"id":"x"},{"name":"no id"},{"id":9}]}
            """#
        let model = try #require(try model(text))
        #expect(model.id == 7 && model.name == "Näme" && model.description == "<p>x</p>" && model.type == "LORA")
        #expect(model.isNSFW == false && model.nsfwLevel == 31 && model.isPersonOfInterest == true)
        #expect(model.isMinor == false && model.isSafeOnly == true && model.supportsGeneration == true)
        #expect(model.mode == "Archived" && model.availability == "Public" && model.tags == ["a", "b c"])
        #expect(model.creator == CivitAICreator(username: "who", imageURL: "https://i/x"))
        #expect(model.licence.allowedCommercialUse == ["Image", "Sell"])
        #expect(model.licence.allowsNoCredit == true && model.licence.allowsDerivatives == false)
        #expect(model.licence.allowsDifferentLicence == true)
        #expect(model.statistics.downloads == 3 && model.statistics.thumbsUp == 2 && model.statistics.tips == nil)
        #expect(model.statistics.verbatim?.contains(#""rating":4.50"#) == true)
        #expect(model.versions.map(\.id) == [8, 9])
        #expect(model.versions.first?.index == 0)
    }

    @Test(arguments: [
        "[]", "null", "7", #"{}"#, #"{"id":0}"#, #"{"id":-1}"#, #"{"id":1.5}"#, #"{"id":"Model not found"}"#,
    ])
    func withoutANumberThereIsNoModel(text: String) throws {
        #expect(try model(text) == nil)
        #expect(try version(text) == nil)
    }

    @Test func wrongTypesAreNothing() throws {
        let keys = [
            "name", "type", "description", "nsfw", "nsfwLevel", "poi", "minor", "sfwOnly", "mode", "availability",
            "supportsGeneration", "creator", "allowNoCredit", "allowCommercialUse", "allowDerivatives",
            "allowDifferentLicense", "stats", "tags", "modelVersions",
        ]
        for value in ["null", "{}", "[]", #""""#, "-1", "1e400", #"{"a":[{}]}"#, "[null,1,{}]"] {
            let members = keys.map { "\"\($0)\":\(value)" }.joined(separator: ",")
            let model = try #require(try model("{\"id\":1,\(members)}"))
            #expect(model.name == nil && model.creator == nil && model.isNSFW == nil && model.nsfwLevel == nil)
            #expect(model.versions.isEmpty && model.tags?.isEmpty != false)
        }
        #expect(try model(#"{"id":1,"creator":"{}"}"#)?.creator == nil)
        #expect(try model(#"{"id":"12"}"#)?.id == 12)
    }

    @Test(
        arguments: [
            (#""Image""#, ["Image"]), (#""{Image,Rent}""#, ["Image", "Rent"]), (#""{}""#, []),
            (#"["Sell",null]"#, ["Sell"]),
            ("[]", []), (#""None""#, ["None"]), ("null", nil), ("true", nil),
        ] as [(String, [String]?)])
    func commercialUseIsReadInEverySpelling(value: String, words: [String]?) throws {
        let model = try model(#"{"id":1,"allowCommercialUse":\#(value)}"#)
        #expect(model?.licence.allowedCommercialUse == words)
    }

    @Test func listsAreBounded() throws {
        let versions = (1...1100).map { #"{"id":\#($0)}"# }.joined(separator: ",")
        let tags = (1...1100).map { "\"t\($0)\"" }.joined(separator: ",")
        let model = try model(#"{"id":1,"tags":[\#(tags)],"modelVersions":[\#(versions)]}"#)
        #expect(model?.versions.count == 1000 && model?.tags?.count == 1000)
        #expect(model?.versions.last?.id == 1000)
    }

    @Test func textsEndAtNoNUL() throws {
        let model = try model(#"{"id":1,"name":"a\u0000b","description":"\u0000","tags":["\u0000","x\u0000"]}"#)
        #expect(model?.name == "ab" && model?.description == nil && model?.tags == ["x"])
        let statistics = try #require(try version(#"{"id":1,"stats":{"a\u0000":"\u0000"}}"#)).statistics
        #expect(statistics.verbatim?.utf8.contains(0) == false)
    }
}
