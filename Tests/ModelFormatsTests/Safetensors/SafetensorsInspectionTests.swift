import Testing

@testable import ModelFormats

private let twoTensors = """
    {"__metadata__":{"ss_output_name":"a","format":"pt"},
     "up":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},
     "down":{"dtype":"F32","shape":[],"data_offsets":[12,16]}}
    """

@Suite struct SafetensorsInspectionTests {
    @Test func aValidFileIsUnderstood() throws {
        var tensors: [SafetensorsTensor] = []
        let inspection = try inspect(safetensors(twoTensors, data: 16)) { tensors.append($0) }
        #expect(inspection.isValid)
        #expect(inspection.problem == nil)
        let header = try #require(inspection.header)
        #expect(header.headerSize == UInt64(twoTensors.utf8.count))
        #expect(inspection.headerSize == header.headerSize)
        #expect(header.tensorCount == 2)
        #expect(header.parameterCount == 7)
        #expect(header.dataTypes == ["F16": 1, "F32": 1])
        #expect(header.metadata.map(\.key) == ["ss_output_name", "format"])
        #expect(header.metadata.map(\.value) == ["a", "pt"])
        #expect(header.droppedMetadataCount == 0)
        #expect(header.promisedFileSize == 8 + header.headerSize + 16)
        #expect(
            tensors == [
                SafetensorsTensor(name: "up", dataType: "F16", shape: [2, 3], dataOffsets: 0..<12),
                SafetensorsTensor(name: "down", dataType: "F32", shape: [], dataOffsets: 12..<16),
            ])
    }

    @Test(arguments: ["{}", "{}   ", "{ }\n\t", #"{"__metadata__":null}"#, #"{"__metadata__":{}}"#])
    func aHeaderWithoutTensorsIsValid(json: String) throws {
        let inspection = try inspect(safetensors(json))
        #expect(inspection.isValid)
        #expect(inspection.header?.tensorCount == 0)
    }

    @Test func theOrderOfTensorsInTheHeaderDoesNotMatter() throws {
        let json = """
            {"c":{"dtype":"U8","shape":[3],"data_offsets":[6,9]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
             "e":{"dtype":"U8","shape":[0,5],"data_offsets":[4,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}
            """
        #expect(try problem(safetensors(json, data: 9)) == "")
    }

    @Test func dataTypesNobodyKnowsYetAreNotChecked() throws {
        let json = #"{"a":{"dtype":"Q3_NEW","shape":[9],"data_offsets":[0,4]}}"#
        let inspection = try inspect(safetensors(json, data: 4))
        #expect(inspection.isValid)
        #expect(inspection.header?.dataTypes == ["Q3_NEW": 1])
    }

    @Test func packedDataTypesNeedWholeBytes() throws {
        #expect(try problem(safetensors(#"{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}"#, data: 2)) == "")
        #expect(
            try problem(safetensors(#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, data: 2))
                .contains("does not fit"))
    }

    @Test func unknownKeysOfATensorAreSkipped() throws {
        let json = #"{"a":{"x":[{"y":[1e5,-0.5,true,null]}],"dtype":"U8","shape":[1],"data_offsets":[0,1],"z":"\""}}"#
        #expect(try problem(safetensors(json, data: 1)) == "")
    }

    // MARK: - Metadata

    @Test func metadataThatAreNotStringsAreKeptAsWritten() throws {
        let json =
            #"{"__metadata__":{"a": {"x" : [1, 2.50e+1,"\u00e4"]} ,"b":-0,"c":true,"d":"q\"\\\/\n\u00e4\ud83d\ude00"}}"#
        let metadata = try #require(try inspect(safetensors(json)).header).metadata
        #expect(metadata.map(\.key) == ["a", "b", "c", "d"])
        #expect(metadata.map(\.value) == [#"{"x" : [1, 2.50e+1,"\u00e4"]}"#, "-0", "true", "q\"\\/\nä😀"])
    }

    @Test func ofDuplicateMetadataTheLastIsKept() throws {
        let json = #"{"__metadata__":{"a":"1","b":"2","a":"3","\u00e9":"4","e\u0301":"5"}}"#
        let metadata = try #require(try inspect(safetensors(json)).header).metadata
        #expect(metadata.map { Array($0.key.utf8) } == ["a", "b", "\u{E9}", "e\u{301}"].map { Array($0.utf8) })
        #expect(metadata.map(\.value) == ["3", "2", "4", "5"])
    }

    @Test func metadataBeyondTheBudgetAreCountedAndTheRestIsRead() throws {
        let long = String(repeating: "x", count: 9 << 20)
        let other = String(repeating: "y", count: 7 << 20)
        let json =
            #"{"__metadata__":{"a":"\#(long)","b":["\#(other)"],"c":"\#(other)","d":"4"},"#
            + #""t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
        let inspection = try inspect(safetensors(json, data: 1))
        let header = try #require(inspection.header)
        #expect(header.metadata.map(\.key) == ["a", "d"])
        #expect(header.droppedMetadataCount == 2)
        #expect(header.tensorCount == 1)
        #expect(inspection.isValid)
    }

    @Test func metadataThatAreNoObjectAreAFault() throws {
        #expect(try problem(safetensors(#"{"__metadata__":["a"]}"#)) == "__metadata__ is not an object")
    }

    // MARK: - Files that are too short

    @Test func anEmptyFileIsEmpty() throws {
        #expect(try inspect([]).problem?.code == .empty)
    }

    @Test(arguments: [1, 7])
    func aFileOfLessThanEightBytesIsInvalid(count: Int) throws {
        let inspection = try inspect([UInt8](repeating: 1, count: count))
        #expect(inspection.problem?.code == .invalid)
        #expect(inspection.problem?.message.contains("only \(count) bytes") == true)
    }

    @Test func aFileThatEndsInItsHeaderIsIncomplete() throws {
        let bytes = Array(safetensors(twoTensors, data: 16).prefix(40))
        let inspection = try inspect(bytes)
        let headerSize = twoTensors.utf8.count
        #expect(inspection.problem?.code == .incomplete(promised: UInt64(headerSize + 8)))
        #expect(
            inspection.problem?.message
                == "the header claims to have \(headerSize) bytes, but the whole file has only 40")
        #expect(inspection.headerSize == UInt64(headerSize))
    }

    @Test func aFileThatEndsInItsDataIsIncompleteAndUnderstood() throws {
        let inspection = try inspect(Array(safetensors(twoTensors, data: 15)))
        let promised = UInt64(twoTensors.utf8.count + 24)
        #expect(inspection.problem?.code == .incomplete(promised: promised))
        #expect(inspection.header?.promisedFileSize == promised)
        #expect(inspection.header?.tensorCount == 2)
        #expect(!inspection.isValid)
    }

    @Test func aFileThatShrinksWhileItIsReadIsIncomplete() throws {
        let bytes = Array(safetensors(twoTensors).prefix(40))
        let code = try inspect(bytes, size: 1000).problem?.code
        #expect(code == .incomplete(promised: UInt64(twoTensors.utf8.count + 8)))
    }

    @Test func aFileThatGoesOnAfterItsLastTensorIsInvalid() throws {
        let inspection = try inspect(safetensors(twoTensors, data: 18))
        #expect(inspection.problem == .invalid("the file goes on for 2 bytes after its last tensor"))
        #expect(inspection.header?.tensorCount == 2)
    }

    // MARK: - Headers that are none

    @Test func aHeaderOfMoreThanOneHundredMillionBytesIsRefused() throws {
        let message = try problem(lengthBytes(100_000_001) + Array("{}".utf8))
        #expect(message.contains("claims to have 100000001 bytes"))
        #expect(try inspect(lengthBytes(.max) + Array("{}".utf8)).problem?.code == .invalid)
    }

    @Test func aHeaderOfNoBytesIsRefused() throws {
        #expect(try problem([UInt8](repeating: 0, count: 64)) == "the header is empty")
    }

    @Test(arguments: [
        ("PK\u{3}\u{4}\u{14}\0\u{8}\u{8}\0\0", "a zip archive"), ("PK\u{3}\u{4}\0\0\0\0\0\0", "a zip archive"),
        ("GGUF\u{3}\0\0\0", "a GGUF file"), ("<!DOCTYPE html>", "a web page"), ("<html><head>", "a web page"),
        ("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"), (#"{"error":"x"}"#, "JSON text"),
    ])
    func otherThingsWithTheNameOfASafetensorsFileAreNamed(content: String, name: String) throws {
        let inspection = try inspect(Array(content.utf8) + [UInt8](repeating: 0, count: 100))
        #expect(inspection.problem?.code == .invalid)
        #expect(inspection.problem?.message.contains(name) == true)
    }

    @Test func invalidUTF8IsNamedWithItsPlace() throws {
        let json = Array(#"{"a"#.utf8) + [0xFF] + Array(#"":1}"#.utf8)
        #expect(try problem(safetensors(json)) == "the header is not UTF-8 at byte 11")
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> [UInt8] {
            let open = String(repeating: "[", count: depth - 2)
            let close = String(repeating: "]", count: depth - 2)
            return safetensors(#"{"__metadata__":{"a":\#(open)\#(close)}}"#)
        }
        #expect(try problem(nested(128)) == "")
        #expect(try problem(nested(129)) == "the header nests deeper than 128 levels")
        #expect(try problem(safetensors(#"{"a":"# + String(repeating: "[", count: 1 << 20))).contains("deeper"))
    }

    // MARK: - Tensors that cannot be

    @Test(arguments: [
        (#"{"a":1}"#, "the tensor “a” is not described by an object"),
        (#"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, "the tensor “a” has no usable dtype"),
        (#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, "the tensor “a” has no usable shape"),
        (#"{"a":{"dtype":"U8","shape":[1]}}"#, "the tensor “a” has no usable data_offsets"),
        (#"{"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}"#, "the tensor “a” has a dtype that is not a string"),
        (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, "the tensor “a” has no usable shape"),
        (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, "the tensor “a” has no usable shape"),
        (#"{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}"#, "the tensor “a” has no usable shape"),
        (
            #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}"#,
            "the tensor “a” has no usable shape"
        ),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, "the tensor “a” has no usable data_offsets"),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}}"#,
            "the tensor “a” has data_offsets that are not a beginning and an end"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[2,1]}}"#,
            "the tensor “a” has data_offsets that are not a beginning and an end"
        ),
        (
            #"{"a\u0007":{"dtype":"F16","shape":[2,2],"data_offsets":[0,7]}}"#,
            "the tensor “a\u{FFFD}” has 7 bytes, which does not fit its dtype and shape"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#,
            "the tensor “a” has 0 bytes, which does not fit its dtype and shape"
        ),
    ])
    func aTensorDescribedWronglyIsNamed(json: String, message: String) throws {
        let inspection = try inspect(safetensors(json, data: 1))
        #expect(inspection.problem == .invalid(message))
        #expect(inspection.header?.tensorCount == 1)
    }

    @Test func tensorsThatShareBytesAreAFault() throws {
        let json = """
            {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}
            """
        #expect(try problem(safetensors(json, data: 7)) == "two tensors share the data from byte 3 on")
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, "0 to 2"),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}}"#,
            "1 to 5"
        ),
        (#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[6,6]}}"#, "0 to 6"),
    ])
    func bytesThatBelongToNoTensorAreAFault(json: String, gap: String) throws {
        #expect(try problem(safetensors(json, data: 6)) == "no tensor has the bytes \(gap) of the data")
    }

    @Test func numbersBeyondSixtyFourBitsDoNotTrap() throws {
        let maximum = UInt64.max
        let json = """
            {"a":{"dtype":"NEW","shape":[\(maximum)],"data_offsets":[0,\(maximum)]},
             "b":{"dtype":"NEW","shape":[\(maximum),0],"data_offsets":[\(maximum),\(maximum)]},
             "c":{"dtype":"NEW","shape":[3],"data_offsets":[\(maximum),\(maximum)]}}
            """
        let inspection = try inspect(safetensors(json))
        #expect(inspection.header?.parameterCount == nil)
        #expect(inspection.header?.tensorCount == 3)
        #expect(inspection.problem == .invalid("its tensors end beyond any possible size of a file"))
    }

    @Test func tooManyDataTypesAreAFault() throws {
        let tensors = (0..<100).map { #""t\#($0)":{"dtype":"T\#($0)","shape":[1],"data_offsets":[\#($0),\#($0 + 1)]}"# }
        let inspection = try inspect(safetensors("{" + tensors.joined(separator: ",") + "}", data: 100))
        #expect(inspection.problem?.message.contains("too many different") == true)
        #expect(inspection.header?.dataTypes.count == 64)
    }

    // MARK: - Sources

    @Test func whatReadingThrowsGoesToTheCaller() throws {
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            try SafetensorsInspection(fileSize: 100, read: { _, _ in throw Broken() })
        }
    }

    @Test func itAsksForBoundedChunksInOrder() throws {
        let long = String(repeating: "y", count: 300_000)
        let bytes = safetensors(#"{"__metadata__":{"a":"\#(long)"}}"#)
        var next: UInt64 = 8
        let inspection = try SafetensorsInspection(
            fileSize: UInt64(bytes.count),
            read: { offset, count in
                #expect(count <= 64 * 1024)
                if offset > 0 {
                    #expect(offset == next)
                    next = offset + UInt64(count)
                }
                return Array(bytes[Int(offset)..<Int(offset) + count])
            })
        #expect(inspection.isValid)
        #expect(next == UInt64(bytes.count))
    }
}
