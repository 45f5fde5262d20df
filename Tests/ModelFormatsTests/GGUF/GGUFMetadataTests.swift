import Testing

@testable import ModelFormats

@Suite struct GGUFMetadataTests {
    private func metadata(_ fixture: GGUFFixture) throws -> [String] {
        let header = try inspectGGUF(fixture.header).header
        #expect(header.problem == nil)
        return header.metadata.map(\.value)
    }

    @Test(arguments: GGUFInspectionTests.kinds)
    func valuesOfEveryTypeAreKept(version: UInt32, isBigEndian: Bool) throws {
        var fixture = GGUFFixture()
        fixture.version = version
        fixture.isBigEndian = isBigEndian
        let values: [(GGUFFixture.Value, String)] = [
            (.uint8(255), "255"), (.int8(-128), "-128"), (.uint16(65535), "65535"), (.int16(-2), "-2"),
            (.uint32(.max), "4294967295"), (.int32(.min), "-2147483648"), (.float32(1e-5), "1e-05"),
            (.float32(10000), "10000.0"), (.float32(.nan), "null"), (.bool(0), "false"), (.bool(1), "true"),
            (.bool(9), "true"), (.string("a \"b\"\n"), "a \"b\"\n"), (.string(""), ""),
            (.uint64(.max), "18446744073709551615"), (.int64(.min), "-9223372036854775808"),
            (.float64(0.1), "0.1"), (.float64(-.infinity), "null"),
            (.array(type: 8, [.string("a\"\\\u{1}é"), .string("")]), #"["a\"\\\u0001é",""]"#),
            (.array(type: 7, [.bool(1), .bool(0)]), "[true,false]"), (.array(type: 4, []), "[]"),
            (.array(type: 6, [.float32(0.5), .float32(.infinity)]), "[0.5,null]"),
            (
                .array(type: 9, [.array(type: 0, [.uint8(1), .uint8(2)]), .array(type: 8, [.string("x")])]),
                #"[[1,2],["x"]]"#
            ),
        ]
        for (index, value) in values.enumerated() { fixture.add("k\(index)", value.0) }
        #expect(try metadata(fixture) == values.map(\.1))
    }

    @Test func ofDuplicateKeysTheLastIsKept() throws {
        var fixture = GGUFFixture()
        fixture.add("general.architecture", .string("flux"))
        fixture.add("a", .uint8(1))
        fixture.add("general.architecture", .string("wan"))
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.architecture == "wan")
        #expect(inspection.header.metadata.map(\.key) == ["general.architecture", "a"])
        #expect(inspection.header.metadata.map(\.value) == ["wan", "1"])
    }

    @Test func longArraysAreLeftOutAndCounted() throws {
        var fixture = GGUFFixture()
        fixture.add("strings", .array(type: 8, (0..<3000).map { .string("token\($0)") }))
        fixture.add("numbers", .array(type: 4, (0..<2049).map { .uint32($0) }))
        fixture.add("one", .array(type: 8, [.string(String(repeating: "x", count: 5000))]))
        fixture.add("nested", .array(type: 9, (0..<900).map { .array(type: 5, [.int32($0)]) }))
        fixture.add("a", .array(type: 0, (0..<2000).map { _ in .uint8(1) }))
        fixture.add("last", .string("b"))
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.problem == nil)
        #expect(inspection.header.metadata.map(\.key) == ["a", "last"])
        #expect(inspection.droppedMetadataCount == 4)
    }

    @Test func textBeyondTheBudgetIsLeftOutAndCounted() throws {
        var fixture = GGUFFixture()
        let long = String(repeating: "x", count: 9 << 20)
        for key in ["a", "b"] { fixture.add(key, .string(long)) }
        fixture.add("general.architecture", .string("t5"))
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.metadata.map(\.key) == ["a", "general.architecture"])
        #expect(inspection.droppedMetadataCount == 1)
    }

    @Test func theSameKeyOverAndOverIsNotReadForEver() throws {
        var fixture = GGUFFixture()
        let long = String(repeating: "x", count: 1 << 20)
        for _ in 0..<21 { fixture.add("a", .string(long)) }
        fixture.add("b", .uint8(1))
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.problem == nil)
        // Each of them takes room, though it only replaces the one before.
        #expect(inspection.header.metadata.map(\.key) == ["a", "b"])
        #expect(inspection.droppedMetadataCount == 6)
    }

    @Test func longKeysAreLeftOutAndCounted() throws {
        var fixture = GGUFFixture()
        for length in [1024, 1025] {
            let key = String(repeating: "k", count: length)
            for value in [.uint8(1), .string("x"), .array(type: 0, [.uint8(1)])] as [GGUFFixture.Value] {
                fixture.add(key, value)
            }
        }
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.problem == nil)
        #expect(inspection.header.metadata.map(\.key.utf8.count) == [1024])
        #expect(inspection.header.metadata.map(\.value) == ["[1]"])
        #expect(inspection.droppedMetadataCount == 3)
    }

    @Test func arraysTogetherAreKeptUpToALimit() throws {
        var fixture = GGUFFixture()
        let elements = [GGUFFixture.Value](repeating: .uint8(100), count: 1000)
        for number in 0..<300 { fixture.add("k\(number)", .array(type: 0, elements)) }
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.problem == nil)
        #expect(inspection.header.metadata.count == 263)
        #expect(inspection.droppedMetadataCount == 37)
    }

    @Test func arraysNestFourLevelsDeep() throws {
        func nested(_ depth: Int) -> GGUFFixture.Value {
            .array(type: depth == 1 ? 0 : 9, depth == 1 ? [.uint8(1)] : [nested(depth - 1)])
        }
        var fixture = GGUFFixture()
        fixture.add("a", nested(4))
        #expect(try metadata(fixture) == ["[[[[1]]]]"])
        fixture.add("b", nested(5))
        #expect(try inspectGGUF(fixture.header).header.problem == .invalid("an array lies deeper than 4 levels"))
    }

    @Test func textThatIsNotUTF8IsRepairedAndSaid() throws {
        var fixture = GGUFFixture()
        fixture.add("general.name", .bytes([0x61, 0xFF]))
        fixture.add("general.architecture", .string("sd1"))
        var inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.metadata.map(\.value) == ["a\u{FFFD}", "sd1"])
        #expect(inspection.header.problem == .invalid("the value of “general.name” is not UTF-8"))
        #expect(inspection.header.tensorCount == 0)

        fixture = GGUFFixture()
        fixture.values = [([0xC3], .uint8(1))]
        inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.metadata.map(\.key) == ["\u{FFFD}"])
        #expect(inspection.header.problem == .invalid("the name of the key “\u{FFFD}” is not UTF-8"))
    }
}
