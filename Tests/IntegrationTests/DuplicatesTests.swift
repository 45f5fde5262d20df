import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What is there twice, as kikod-ctl tells it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DuplicatesTests {
    @Test func copiesAreToldFromLinksAndOtherHeadersAreFound() async throws {
        try await withPlace { place in
            let weights = noise(4096, seed: 1)
            let file = safetensorsFile(metadata: #"{"name":"first"}"#, data: weights)
            let original = try place.addFile("a.safetensors", file)
            let hardLink = place.models.appending("b.safetensors")
            try makeHardLink(hardLink, to: original)
            let copy = try place.addFile("sub/c.safetensors", file)
            let link = place.models.appending("d.safetensors")
            try makeSymbolicLink(link, to: copy)
            let other = try place.addFile("e.safetensors", safetensorsFile(metadata: #"{"name":"x"}"#, data: weights))
            // Only a link leads to it.
            let outside = place.directory.appending("outside.ckpt")
            try writeFile(outside, "outside")
            try setAge(outside, seconds: 3600)
            try makeSymbolicLink(place.models.appending("f.ckpt"), to: outside)
            let inside = try place.addFile("g.ckpt", "outside")
            try place.addFile("alone.ckpt", "alone")
            let size = Int64(file.count)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let answer = try await daemon.answer(DuplicatesAnswer.self, "duplicates")
                #expect(answer.groups.map(\.wastedBytes) == [size, 7])
                #expect(answer.wastedBytes == size + 7)
                let group = try #require(answer.groups.first)
                #expect(group.size == size)
                #expect(group.sha256 == (try await daemon.file(original)).sha256)
                #expect(group.files.map(\.path) == [original, hardLink, link, copy].map(\.description))
                #expect(group.files.map(\.symlink) == [false, false, true, false])
                let inodes = try group.files.map { String(try FileStatus.of(FilePath($0.path)).inode) }
                #expect(group.files.map(\.inode) == inodes)
                #expect(
                    answer.sameWeights.map(\.files) == [[original, hardLink, link, other, copy].map(\.description)])

                let table = try await daemon.control("duplicates")
                #expect(table.status == 0)
                #expect(table.errors.isEmpty)
                let rows = table.text.replacing(/[ ]{2,}/, with: "  ")
                for row in [
                    "\(original)  file", "\(hardLink)  hard link of \(original)", "\(copy)  copy",
                    "\(link)  symlink to \(copy)", "symlink to a file that is not listed", "could be freed.",
                ] {
                    #expect(rows.contains(row), "\(row)\n\(table.text)")
                }

                // What is freed is told at once.
                removeFile(copy)
                removeFile(inside)
                try await daemon.sync()
                let after = try await daemon.answer(DuplicatesAnswer.self, "duplicates")
                #expect(after.groups.map { $0.files.map(\.path) } == [[original, hardLink].map(\.description)])
                #expect(after.wastedBytes == 0)
            }
        }
    }
}
