import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct PictureTests {
    private static func add(_ images: [StandInImage], to server: StandInCivitAI) {
        var model = lora(1)
        model.versions[0].images = images
        server.add(model)
    }

    /// The target of an image that answers name, with these parameters.
    private static func target(_ server: StandInCivitAI, _ caller: Caller, _ parameters: String) throws -> String {
        let url = try caller.get(Target.version(10)).json["images"]?[0]?["url"]?.text ?? ""
        return String(url.dropFirst(server.baseURL.count)).replacing("original=true", with: parameters)
    }

    @Test func picturesHaveTheWidthThatWasAskedFor() async throws {
        try await withStandIn { server, caller in
            Self.add([StandInImage(id: 5)], to: server)
            let scaled = try caller.get(try Self.target(server, caller, "width=450"))
            #expect(scaled.status == 200)
            #expect(scaled.header("Content-Type") == "image/jpeg")
            #expect(scaled.body == PictureBytes.jpeg(width: 450, height: 675))
            let original = try caller.get(try Self.target(server, caller, "original=true"))
            #expect(original.body == PictureBytes.jpeg(width: 512, height: 768))
            _ = try caller.get(try Self.target(server, caller, "anim=false,width=96"))
            #expect(server.requests(to: .image).map(\.imageWidth) == [450, nil, 96])
        }
    }

    @Test func jpegIsAsLongAsItsBlocksNeed() {
        let head = PictureBytes.jpeg(width: 1, height: 1)
        #expect(head.starts(with: [0xFF, 0xD8, 0xFF, 0xDB]))
        // One block: two bits, and ones to the end of the byte.
        #expect(head.suffix(3) == [0x3F, 0xFF, 0xD9])
        #expect(PictureBytes.jpeg(width: 16, height: 16).suffix(3) == [0x00, 0xFF, 0xD9])
        #expect(PictureBytes.jpeg(width: 450, height: 675).count == head.count - 1 + (57 * 85 * 2 + 7) / 8)
    }

    @Test(arguments: [
        (StandInPicture.png, "image/png", [0x89, 0x50, 0x4E, 0x47]), (.webp, "image/webp", [0x52, 0x49, 0x46, 0x46]),
        (.video, "video/mp4", [0, 0, 0, 24]), (.page, "text/html; charset=utf-8", [0x3C]),
    ])
    func otherThanJPEGIsSentWhenWanted(_ picture: StandInPicture, _ type: String, _ start: [UInt8]) async throws {
        try await withStandIn { server, caller in
            Self.add([StandInImage(id: 5)], to: server)
            server.configure { $0.pictures[5] = picture }
            let reply = try caller.get(try Self.target(server, caller, "width=450"))
            #expect(reply.status == 200)
            #expect(reply.header("Content-Type") == type)
            #expect(reply.body.starts(with: start))
        }
    }

    @Test func hugePicturesAreAsLongAsWanted() async throws {
        try await withStandIn { server, caller in
            Self.add([StandInImage(id: 5)], to: server)
            server.configure { $0.pictures[5] = .huge(bytes: 3_000_000) }
            let reply = try caller.get(try Self.target(server, caller, "width=450"))
            #expect(reply.body.count == 3_000_000)
        }
    }

    @Test func filmsAreFilms() async throws {
        try await withStandIn { server, caller in
            var film = StandInImage(id: 6)
            film.type = "video"
            Self.add([film], to: server)
            let target = try Self.target(server, caller, "width=450")
            #expect(target.hasSuffix("/6.mp4"))
            #expect(try caller.get(target).header("Content-Type") == "video/mp4")
        }
    }

    @Test func whatIsNotThereIsNotFound() async throws {
        try await withStandIn { server, caller in
            Self.add([StandInImage(id: 5)], to: server)
            let target = try Self.target(server, caller, "width=450")
            #expect(try caller.get(target.replacing("/5.jpeg", with: "/8.jpeg")).status == 404)
            #expect(try caller.get("/image/5.jpeg").status == 404)
            server.configure { $0.pictures[5] = .missing }
            #expect(try caller.get(target).status == 404)
        }
    }
}
