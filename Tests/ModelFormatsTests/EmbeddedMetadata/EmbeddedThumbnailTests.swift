import Testing

@testable import ModelFormats

@Suite struct EmbeddedThumbnailTests {
    @Test(
        arguments: [
            ("data:image/jpeg;base64,/9j/4AAQ", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10]),
            // The content decides, not what the address claims.
            ("data:image/jpeg;base64,iVBORw0KGgo=", "image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
            (
                "data:application/octet-stream;BASE64,UklGRgAAAABX\nRUJQ", "image/webp",
                Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP".utf8)
            ),
        ] as [(String, String, [UInt8])])
    func picturesAreTaken(text: String, mediaType: String, bytes: [UInt8]) {
        let thumbnail = EmbeddedThumbnail(dataURL: text)
        #expect(thumbnail?.mediaType == mediaType)
        #expect(thumbnail?.data == bytes)
    }

    @Test(arguments: [
        "", "data:", "data:image/png;base64,", "/9j/4AAQ", "data:image/jpeg,/9j/4AAQ", "data:image/bmp;base64,Qk0AAAAA",
        "data:text/html;base64,PGh0bWw+", "data:image/jpeg;base64,/9j/4AA!", "data:image/jpeg;base64,/9j/4",
        "https://example.com/a.png", "data:image/svg+xml;base64,PHN2Zz4=",
    ])
    func anythingElseIsNot(text: String) {
        #expect(EmbeddedThumbnail(dataURL: text) == nil)
    }

    @Test func largePicturesAreLeft() {
        func picture(_ groups: Int) -> String {
            "data:image/jpeg;base64,/9j/" + String(repeating: "AAAA", count: groups)
        }
        let fitting = (EmbeddedThumbnail.maximumSize - 3) / 3
        #expect(EmbeddedThumbnail(dataURL: picture(fitting))?.data.count == 3 * fitting + 3)
        #expect(EmbeddedThumbnail(dataURL: picture(fitting + 1)) == nil)
        #expect(EmbeddedThumbnail(dataURL: picture(fitting + 1000)) == nil)
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zm9v YmE", "fooba"),
    ])
    func base64IsDecoded(text: String, decoded: String) {
        #expect(Base64.decode(text.utf8) == Array(decoded.utf8))
    }

    @Test(arguments: ["Z", "Zm9vY", "Zg==Zg==", "Zm9*", "Zm_v"])
    func otherTextIsNoBase64(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }
}
