import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What a file that lies there when kikod starts becomes in the index.
@Suite(.timeLimit(.minutes(2))) struct FirstIndexTests {
    @Test func filesThatAreThereGetTheirExactDigests() async throws {
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
}
