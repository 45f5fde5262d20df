import Catalog
import HTTPServer
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer
@testable import Indexing

/// Images of what models make.
@Suite(.timeLimit(.minutes(2))) struct PreviewTests {
    private func preview(_ api: APIFixture, _ file: FileObject, tag: String? = nil) async throws -> APIFixture.Answer {
        try await api.send(
            "GET", "files/\(file.id)/preview", headers: tag.map { [HTTPField("If-None-Match", $0)] } ?? [])
    }

    /// The file as it is answered now.
    private func file(_ api: APIFixture, _ id: Int64) async throws -> FileObject {
        try await api.sync()
        return try await api.get("files/\(id)", as: FileObject.self)
    }

    @Test func theImageThatWasMadeForItGoesBeforeTheOthersInTheOrderOfFormats() async throws {
        try await withAPI { api in
            let id = try await api.add("a.safetensors", safetensors(metadata: "{}")).id
            // Worst first, so that each is better than all before it.
            let names = [
                "a.webp", "a.jpeg", "a.jpg", "a.png", "a.preview.webm", "a.preview.mp4", "a.preview.gif",
                "a.preview.webp", "a.preview.jpeg", "a.preview.jpg", "a.preview.png",
            ]
            for name in ["a.gif", "a.mp4", "b.png", "a.safetensors.png"] {
                try writeFile(api.library.appending(name), pngFile(name))
            }
            #expect(try await file(api, id).preview == nil)
            for name in names {
                try writeFile(api.library.appending(name), pngFile(name))
                let shown = try #require(try await file(api, id).preview)
                #expect(shown.source == "beside" && shown.path == api.library.appending(name).description)
                #expect(shown.url == "/api/v1/files/\(id)/preview")
                #expect(shown.type == (name.hasSuffix(".mp4") || name.hasSuffix(".webm") ? "video" : "image"))
                let answer = try await api.get("files/\(id)/preview")
                #expect(answer.body == pngFile(name))
            }
            for name in names.reversed() {
                removeFile(api.library.appending(name))
                _ = try await file(api, id)
            }
            #expect(try await file(api, id).preview == nil)
            #expect(try await api.get("files/\(id)/preview").status == 404)
        }
    }

    @Test func anEntityTagSparesTheBytesUntilTheImageIsAnother() async throws {
        try await withAPI { api in
            let file = try await api.add("a.safetensors", safetensors(metadata: "{}"))
            try writeFile(api.library.appending("a.png"), pngFile("one"))
            try await api.sync()
            let first = try await preview(api, file)
            #expect(first.status == 200 && first.body == pngFile("one"))
            #expect(first.header("Content-Type") == "image/png")
            let tag = try #require(first.header("ETag"))
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.utf8.count > 2)
            for known in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
                let again = try await preview(api, file, tag: known)
                #expect(again.status == 304 && again.body == [], "\(known)")
                #expect(again.header("ETag") == tag)
            }
            #expect(try await preview(api, file, tag: "\"x\"").status == 200)
            // The bytes count, whether or not the index has noticed.
            try writeFile(api.library.appending("a.png"), pngFile("two"))
            let second = try await preview(api, file, tag: tag)
            #expect(second.status == 200 && second.body == pngFile("two"))
        }
    }

    @Test func whatIsNoImageIsNotServed() async throws {
        try await withAPI { api in
            let file = try await api.add("a.safetensors", safetensors(metadata: "{}"))
            let path = api.library.appending("a.png")
            try writeFile(path, "<html><script>")
            try await api.sync()
            #expect(try await preview(api, file).status == 404)
            // Too large by one byte, and just not.
            try writeFile(path, pngFile() + [UInt8](repeating: 0, count: PreviewImage.maximumSize - 7))
            try await api.sync()
            #expect(try await preview(api, file).status == 404)
            try writeFile(path, pngFile() + [UInt8](repeating: 0, count: PreviewImage.maximumSize - 8))
            try await api.sync()
            let largest = try await preview(api, file)
            #expect(largest.status == 200 && largest.body.count == PreviewImage.maximumSize)
            // Gone, or a directory, and not yet noticed.
            removeFile(path)
            #expect(try await preview(api, file).status == 404)
            try makeDirectory(path)
            #expect(try await preview(api, file).status == 404)
            #expect(try await api.get("files/999999/preview").status == 404)
        }
    }

    @Test func anImageInTheFileIsShownWhereNoneLiesBesideIt() async throws {
        try await withAPI { api in
            // The bytes of a PNG's beginning.
            let metadata = #"{"modelspec.thumbnail":"data:image/png;base64,iVBORw0KGgo="}"#
            let file = try await api.add("a.safetensors", safetensors(metadata: metadata))
            #expect(file.preview?.source == "embedded" && file.preview?.path == nil)
            #expect(try await preview(api, file).body == pngFile())
            #expect(try await preview(api, file).header("Content-Type") == "image/png")
            try writeFile(api.library.appending("a.jpg"), [0xFF, 0xD8, 0xFF, 0xE0])
            #expect(try await self.file(api, file.id).preview?.source == "beside")
            #expect(try await preview(api, file).header("Content-Type") == "image/jpeg")
        }
    }

    @Test func namesMayBeOfAnyBytes() async throws {
        try await withAPI { api in
            for stem in [Array("ä 猫\u{301}".utf8), [0xFF, 0xFE], Array("a'b\"c%\n".utf8)] {
                let path = api.library.appending(stem + Array(".safetensors".utf8))
                try writeFile(path, safetensors(metadata: "{\"x\":\"\(stem.count)\"}"))
                try setAge(path, seconds: 3600)
                try writeFile(api.library.appending(stem + Array(".png".utf8)), pngFile("\(stem.count)"))
                try await api.sync()
                let answer = try await api.get("files?path_base64=\(api.base64(path))", as: FilesAnswer.self)
                let file = try #require(answer.files.first)
                #expect(file.preview?.source == "beside")
                #expect(try await preview(api, file).body == pngFile("\(stem.count)"))
            }
        }
    }
}
