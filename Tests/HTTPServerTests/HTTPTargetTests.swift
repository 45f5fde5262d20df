import Testing

@testable import HTTPServer

@Suite struct HTTPTargetTests {
    @Test(arguments: [
        ("/", []), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("//a", ["", "a"]), ("/%61%2Fb/%C3%A4", ["a/b", "ä"]),
        ("/a+b", ["a+b"]), ("http://host:80/a", ["a"]), ("http://host", []), ("http://host?x=1", []), ("/a?b/c", ["a"]),
    ])
    func pathIsSplitBeforeItIsDecoded(_ target: String, _ path: [String]) throws {
        #expect(try HTTPTarget(target.utf8).path == path)
    }

    @Test func queryKeepsOrderAndDuplicates() throws {
        let target = try HTTPTarget("/x?b=1&a=%26+%2B&b=&c&&d=e=f".utf8)
        #expect(
            target.query == [
                HTTPField("b", "1"), HTTPField("a", "& +"), HTTPField("b", ""), HTTPField("c", ""),
                HTTPField("d", "e=f"),
            ])
    }

    @Test(arguments: [
        "", "*", "a", "host:80", "/%", "/%4", "/%zz", "/%00", "/a?b=%", "/a?%00=b", "/%FF", "/%C3", "/a?b=%E2%82",
        "/%+1",
    ])
    func whatMeansNothingIsRefused(_ target: String) {
        #expect(throws: HTTPTarget.Fault.self) { try HTTPTarget(target.utf8) }
    }

    @Test func randomBytesNeverTrap() {
        let seed = UInt64.random(in: .min ... .max)
        print("seed", seed)
        var state = seed
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let likely = Array("/%?&=+aF0".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int(next() % 24)).map { _ in
                let byte = next()
                return byte < 200 ? likely[Int(byte) % likely.count] : byte
            }
            if (try? HTTPTarget(UInt8.slash + bytes)) != nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < 20_000)
    }
}

extension UInt8 {
    fileprivate static let slash = Array("/".utf8)
}
