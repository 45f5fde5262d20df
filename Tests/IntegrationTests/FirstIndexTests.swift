import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What a file that lies there when kikod starts becomes in the index.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FirstIndexTests {
    @Test func filesGetTheirExactDigests() async throws {
        try await withPlace { place in
            let text = try place.addFile("hello.ckpt", "hello world")
            let zeros = try place.addFile("deep/er/zeros.bin", [UInt8](repeating: 0, count: 2 << 20))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let hello = try await daemon.file(text)
                #expect(hello.state == "indexed")
                #expect(hello.size == 11)
                #expect(hello.sha256 == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")
                var hashes = FileHashes()
                hashes.sha256 = "B94D27B9934D3E08A52E52D7DA7DABFAC484EFE37A5380EE9088F7ACE2EFCDE9"
                hashes.autoV2 = "B94D27B993"
                hashes.crc32 = "85114A0D"
                #expect(hello.hashes == hashes)

                let zero = try await daemon.file(zeros)
                #expect(zero.folder == "deep/er")
                hashes = FileHashes()
                hashes.sha256 = "5647F05EC18958947D32874EEB788FA396A05D0BAB7C1B71F112CEB7E9B31EEE"
                hashes.autoV1 = "DE2F2560"
                hashes.autoV2 = "5647F05EC1"
                hashes.crc32 = "7E87898D"
                #expect(zero.hashes == hashes)
                #expect(try await daemon.status().files.indexed == 2)
            }
        }
    }

    @Test func safetensorsGetTheirHeaderAndAutoV3() async throws {
        try await withPlace { place in
            let data = noise(4096, seed: 1)
            let metadata = #"{"ss_output_name":"a \"b\"","modelspec.title":"T"}"#
            let path = try place.addFile("a.safetensors", safetensorsFile(metadata: metadata, data: data))
            let tail = place.directory.appending("tail")
            try writeFile(tail, data)
            let expected = try await sha256(of: [path, tail], in: place.directory)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let file = try await daemon.file(path)
                #expect(file.error == nil)
                #expect(file.format == "safetensors")
                #expect(file.metadata == ["ss_output_name": #"a "b""#, "modelspec.title": "T"])
                #expect(file.header?.tensorCount == 1)
                #expect(file.header?.parameterCount == 2048)
                #expect(file.header?.dtypes == ["F16": 1])
                #expect(file.header?.size == file.size - 8 - 4096)
                #expect(file.sha256 == expected[path.description])
                #expect(file.hashes.autoV3 == expected[tail.description]?.prefix(12).uppercased())
            }
        }
    }

    @Test func brokenFilesAreHashedAndSayWhatIsWrong() async throws {
        try await withPlace { place in
            let overlapping = try place.addFile("overlapping.safetensors", overlappingTensors)
            let lying = try place.addFile("lying.safetensors", [UInt8](repeating: 0xFF, count: 100))
            let empty = try place.addFile("empty.gguf", "")
            let expected = try await sha256(of: [overlapping, lying, empty], in: place.directory)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                for path in [overlapping, lying, empty] {
                    let file = try await daemon.file(path)
                    #expect(file.state == "indexed", "\(path)")
                    #expect(file.error?.isEmpty == false, "\(path)")
                    #expect(file.sha256 == expected[path.description], "\(path)")
                    #expect(file.hashes.autoV3 == nil, "\(path)")
                }
                let errors = try await daemon.answer(FilesAnswer.self, "errors")
                #expect(errors.total == 3)
            }
        }
    }

    @Test func whatIsNoModelFileIsLeftOut() async throws {
        try await withPlace { place in
            for name in ["a.txt", ".hidden.ckpt", "a.ckpt.part", "a.ckpt.aria2", ".cache/b.ckpt", "noextension"] {
                try place.addFile(name, "x")
            }
            try place.addFile("UPPER.SafeTensors", safetensorsFile(data: [1, 2]))
            try makeDirectory(place.models.appending("directory.ckpt"))
            try makeSymbolicLink(place.models.appending("dangling.ckpt"), to: place.models.appending("nothing"))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.files().map(\.name) == ["UPPER.SafeTensors"])
            }
        }
    }

    @Test func copiesAndHardLinksAreFilesOfTheirOwnWithOneContent() async throws {
        try await withPlace { place in
            let first = try place.addFile("a.ckpt", "same")
            let copy = try place.addFile("b.ckpt", "same")
            let link = place.models.appending("c.ckpt")
            try makeHardLink(link, to: first)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let files = try await daemon.files()
                #expect(files.count == 3)
                #expect(Set(files.map(\.sha256)).count == 1)
                let file = try await daemon.file(first)
                #expect(Set(file.copies) == [copy.description, link.description])
                #expect(file.hardLinks == 2)
            }
        }
    }

    @Test(.enabled(if: realFiles != nil, "the shared fixtures are not there"))
    func realFilesHaveTheDigestsThatCivitAIGives() async throws {
        try await withPlace { place in
            let source = try #require(realFiles)
            for name in ["EasyNegative.safetensors", "badhandv4.pt"] {
                try place.addFile(name, try readFile(source.appending(name), limit: 1 << 20))
            }
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let easy = try await daemon.file(place.models.appending("EasyNegative.safetensors"))
                var hashes = FileHashes()
                hashes.sha256 = "C74B4E810B030F6B75FDE959E2DB678C268D07115B85356D3C0138BA5EB42340"
                hashes.autoV2 = "C74B4E810B"
                hashes.autoV3 = "9AE1BBC35E56"
                hashes.crc32 = "9B6C6647"
                #expect(easy.hashes == hashes)
                #expect(easy.size == 24655)
                #expect(easy.header?.size == 71)
                let hand = try await daemon.file(place.models.appending("badhandv4.pt"))
                #expect(hand.hashes.autoV2 == "5E40D722FC")
                #expect(hand.hashes.crc32 == "0BB5F649")
                #expect(hand.hashes.autoV3 == nil)
                #expect(hand.size == 19371)
            }
        }
    }
}

/// Real model files beside the package.
private let realFiles: FilePath? = {
    let directory = Programs.packageDirectory?.parent.appending("shared/fixtures/models")
    return directory.flatMap { (try? FileStatus.of($0).kind) == .directory ? $0 : nil }
}()

/// Two tensors that claim the same bytes.
private let overlappingTensors: [UInt8] = {
    let tensor = #"{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#
    let header = Array(#"{"a":\#(tensor),"b":\#(tensor)}"#.utf8)
    return [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [1, 2, 3, 4]
}()
