import Testing

@testable import Indexing

/// Which addresses images are fetched from.
@Suite struct PreviewURLTests {
    private static let base = "https://civitai.com"

    @Test(arguments: [
        (
            "https://image.civitai.com/acc/uuid/original=true/1.jpeg", "https://image.civitai.com",
            "/acc/uuid/width=450/1.jpeg"
        ),
        (
            "https://image.civitai.com/acc/uuid/width=1024/1.jpeg", "https://image.civitai.com",
            "/acc/uuid/width=450/1.jpeg"
        ),
        ("https://IMAGE.civitai.red/uuid", "https://image.civitai.red", "/uuid"),
        ("https://civitai.com/a/b.png", "https://civitai.com", "/a/b.png"),
    ])
    func imagesOfCivitAIAreScaled(text: String, origin: String, target: String) throws {
        let url = try #require(PreviewURL(text, baseURL: Self.base))
        #expect(url.origin == origin)
        #expect(url.target == target)
    }

    @Test(arguments: [
        "", "image.civitai.com/a", "ftp://image.civitai.com/a", "http://image.civitai.com/a",
        "https://169.254.169.254/latest/meta-data", "http://127.0.0.1:8080/a", "https://evil.example/a",
        "https://image.civitai.com.evil.example/a", "https://evilcivitai.com/a", "https://image.civitai.com:22/a",
        "https://user@image.civitai.com/a", "https://evil.example/image.civitai.com/", "https://image.civitai.com",
        "https:///a", "https://image.civitai.com/a b", "https://image.civitai.com/\r\nX: y", "file:///etc/passwd",
    ])
    func nothingElseIsAsked(text: String) { #expect(PreviewURL(text, baseURL: Self.base) == nil) }

    @Test func theConfiguredSiteMayLieAnywhere() {
        #expect(PreviewURL("http://127.0.0.1:99/image/a", baseURL: "http://127.0.0.1:99") != nil)
        #expect(PreviewURL("http://127.0.0.1:98/image/a", baseURL: "http://127.0.0.1:99") == nil)
    }
}
