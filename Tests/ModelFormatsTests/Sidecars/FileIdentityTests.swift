import JSON
import Testing

@testable import ModelFormats

@Suite struct FileIdentityTests {
    private let first = String(repeating: "ab12", count: 16)

    @Test func digestsThatAreNoneAreLeftOut() throws {
        let text =
            #"{"SHA256": "\#(first.uppercased())", "AutoV2": "", "AutoV3": "e3b0c44298fc", "CRC32": 5, "AutoV1": "x"}"#
        let read = FileIdentity(hashes: try JSONValue(Array(text.utf8)))
        var expected = FileIdentity()
        expected.sha256 = first
        #expect(read == expected)
        #expect(FileIdentity(hashes: nil).isEmpty)
    }
}
