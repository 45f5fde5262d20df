import FoundationEssentials
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Names that no person would choose and some programs do.
@Suite(.serialized, .timeLimit(.minutes(5))) struct UnusualNameTests {
    @Test(arguments: [
        Array("new\nline.ckpt".utf8), Array("\u{1B}[31mred\u{7}.ckpt".utf8), Array(" blank .ckpt".utf8),
        Array("back\\slash \\x41.ckpt".utf8), Array("quote\"'`$(x);*?.ckpt".utf8), Array("-n.ckpt".utf8),
        Array("模型 🦊 e\u{301}.ckpt".utf8), [0xFF, 0xFE] + Array(" not UTF-8 \\.ckpt".utf8), [0xC3] + Array(".ckpt".utf8),
        [UInt8](repeating: UInt8(ascii: "x"), count: 250) + Array(".ckpt".utf8),
    ])
    func fileIsListedShownAndFollowed(_ name: [UInt8]) async throws {
        try await withPlace { place in
            let path = place.models.appending(name)
            try writeFile(path, "hello world")
            try setAge(path, seconds: 3600)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let files = try await daemon.files()
                let file = try #require(files.first)
                #expect(files.count == 1)
                #expect(file.sha256 == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")
                if path.isUTF8 {
                    #expect(file.pathBase64 == nil)
                    #expect(Array(file.path.utf8) == path.bytes)
                } else {
                    #expect(file.pathBase64.flatMap { Data(base64Encoded: $0) }.map(Array.init) == path.bytes)
                    #expect(file.path == path.description)
                    #expect(file.path.contains("\\x"))
                    // The escaped form stands for the path as well.
                    #expect(try await daemon.answer(FileObject.self, "show", file.path).id == file.id)
                }
                #expect(try await daemon.file(path).id == file.id)
                #expect(try await daemon.answer(FileObject.self, "show", "\(file.id)").path == file.path)

                // A table has one line a file, and nothing that a terminal would obey.
                for arguments in [["list"], ["show", "id:\(file.id)"], ["errors"], ["history"]] {
                    let output = try await daemon.control(arguments.map { Array($0.utf8) }).output
                    #expect(!output.contains { $0 < 0x20 && $0 != 0x0A }, "\(arguments)")
                    if arguments == ["list"] { #expect(output.count { $0 == 0x0A } == 2) }
                }

                let moved = place.models.appending("sub").appending(name)
                try makeDirectory(moved.parent)
                try renameFile(path, moved)
                try await daemon.sync()
                #expect(try await daemon.file(moved).id == file.id)
                removeFile(moved)
                try await daemon.sync()
                #expect(try await daemon.files().map(\.state) == ["missing"])
            }
        }
    }

    @Test func everyPathOnTheCommandLineMayHaveAnyByte() async throws {
        try await withPlace { place in
            let root = place.directory.appending([0x62, 0xFF, 0x5C])
            let data = place.directory.appending([0x64, 0xFE])
            try makeDirectory(root)
            try writeFile(root.appending("a.ckpt"), "a")
            let arguments = [
                Array("--config".utf8), place.configuration.bytes, Array("--once".utf8), Array("--root".utf8),
                root.bytes + Array(":lora".utf8), Array("--data-dir".utf8), data.bytes, Array("--socket".utf8),
                data.appending("s").bytes,
            ]
            let result = try await run(Programs.path("kikod"), arguments, in: place.directory)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try FileStatus.of(data.appending("models.db")).kind == .regular)
        }
    }

    @Test func directoryThatIsNotUTF8IsARootsFolderLikeAnyOther() async throws {
        try await withPlace { place in
            let directory = place.models.appending([0xE9, 0x0A, 0xFF])
            try makeDirectory(directory)
            try writeFile(directory.appending("a.ckpt"), "a")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let file = try #require(try await daemon.files().first)
                #expect(file.name == "a.ckpt")
                let arguments = [Array("scan".utf8), Array("--wait".utf8), directory.bytes]
                let scans = try await daemon.answer(ScanHistoryAnswer.self, arguments).scans
                #expect(scans.first?.filesSeen == 1)
                #expect(file.folder == escapedText(directory.name))
            }
        }
    }
}
