import JSON
import Testing

@testable import ModelFormats

/// Headers that are valid, and larger than any model's.
@Suite struct SafetensorsLimitTests {
    @Test func aHeaderOfTheLongestLengthIsReadAndALongerOneIsNot() throws {
        let longest = Int(SafetensorsInspection.longestReadHeader)
        #expect(try inspect(safetensors("{}" + String(repeating: " ", count: longest - 2))).isValid)

        var reads = 0
        let start = lengthBytes(UInt64(longest) + 1) + Array("{}".utf8)
        let inspection = try SafetensorsInspection(
            fileSize: 1 << 30,
            read: { offset, count in
                reads += 1
                return start + [UInt8](repeating: 0x20, count: count - start.count)
            })
        #expect(inspection.header == nil && inspection.headerSize == UInt64(longest) + 1)
        #expect(inspection.problem?.message == "the header has 25000001 bytes; kikod reads at most 25000000")
        #expect(reads == 1)
    }

    @Test func moreTensorsThanAnyModelHasAreNotRead() throws {
        func header(_ count: Int) -> String {
            "{"
                + (0..<count).map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }.joined(
                    separator: ",") + "}"
        }
        #expect(try inspect(safetensors(header(200_000))).header?.tensorCount == 200_000)
        #expect(try problem(safetensors(header(200_001))).contains("more than 200000 tensors"))
    }

    @Test func moreValuesThanAnyHeaderHasAreNotRead() throws {
        let zeros = String(repeating: "0,", count: JSONTokenizer.maximumCount) + "0"
        #expect(try problem(safetensors(#"{"a":{"b":[\#(zeros)]}}"#)) == "the header holds more than 2000000 values")
    }

    /// The reader's own memory for shapes has room for the largest so far.
    @Test func aTensorTakesNoMoreMemoryThanItsShapeNeeds() throws {
        let dimensions = Array(repeating: "0", count: 256).joined(separator: ",")
        var capacities: [Int] = []
        let file = safetensors(
            #"{"a":{"dtype":"U8","shape":[\#(dimensions)],"data_offsets":[0,0]},"#
                + #""b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#)
        _ = try inspect(file) { capacities.append($0.shape.capacity) }
        #expect(capacities.count == 2 && capacities.last ?? 256 < 16)
    }
}
