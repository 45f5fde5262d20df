import Testing

@testable import ModelFormats

@Suite struct FileIdentityTests {
    private let first = String(repeating: "ab12", count: 16)
    private let second = String(repeating: "cd34", count: 16)

    private func file(sha256: String? = nil, autoV2: String? = nil, autoV3: String? = nil, size: Int64? = nil)
        -> FileIdentity
    {
        var file = FileIdentity()
        file.sha256 = sha256
        file.autoV2 = autoV2
        file.autoV3 = autoV3
        file.size = size
        return file
    }

    private func contradicts(_ told: [FileIdentity], _ real: FileIdentity) -> Bool {
        var part = SidecarCivitaiPart()
        part.files = told
        return part.contradicts(real)
    }

    @Test func digestsOfAnotherFileContradict() {
        #expect(contradicts([file(sha256: first)], file(sha256: second)))
        #expect(!contradicts([file(sha256: first)], file(sha256: first)))
        #expect(contradicts([file(autoV2: "ab12ab12ab")], file(sha256: second)))
        #expect(!contradicts([file(autoV2: "ab12ab12ab")], file(sha256: first)))
    }

    @Test func theMostTellingDigestDecides() {
        let real = file(sha256: first, autoV3: "0123456789ab")
        #expect(!contradicts([file(sha256: first, autoV3: "ba9876543210")], real), "a wrong AutoV3 in its metadata")
        #expect(contradicts([file(sha256: second, autoV3: "0123456789ab")], real), "the same weights in another file")
        #expect(contradicts([file(autoV3: "ba9876543210")], real))
    }

    @Test func oneFileOfAVersionIsEnough() {
        #expect(!contradicts([file(sha256: second), file(sha256: first)], file(sha256: first)))
        #expect(contradicts([file(sha256: second), file(sha256: second)], file(sha256: first)))
        #expect(!contradicts([file(sha256: second), file(size: 5)], file(sha256: first)), "the other may be it")
    }

    @Test func nothingToCompareContradictsNothing() {
        #expect(!contradicts([], file(sha256: first)))
        #expect(!contradicts([file(sha256: first)], file()))
        #expect(!contradicts([file(autoV3: "0123456789ab")], file(sha256: first)))
    }

    @Test func sizeDecidesOnlyAloneAndRoughly() {
        #expect(contradicts([file(size: 10_000)], file(size: 12_000)))
        #expect(!contradicts([file(size: 10_000)], file(size: 10_900)))
        #expect(!contradicts([file(sha256: first, size: 10_000)], file(sha256: first, size: 99_000)))
        #expect(contradicts([file(size: .max)], file(size: .min)))
    }

    @Test func digestsThatAreNoneAreLeftOut() throws {
        let text =
            #"{"SHA256": "\#(first.uppercased())", "AutoV2": "", "AutoV3": "e3b0c44298fc", "CRC32": 5, "AutoV1": "x"}"#
        let read = FileIdentity(hashes: try JSONValue(Array(text.utf8)))
        #expect(read == file(sha256: first))
        #expect(FileIdentity(hashes: nil).isEmpty)
    }
}
