import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Changes that events, sizes and times do not tell of, and such that change no byte.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SecretChangeTests {
    private func expectRightDigest(_ path: FilePath, _ daemon: RunningDaemon) async throws {
        try await daemon.sync()
        let file = try await daemon.file(path)
        #expect(file.state == "indexed")
        #expect(file.sha256 == (try await sha256(of: [path], in: daemon.place.directory))[path.description])
    }

    /// Writes in place and puts the old time of modification back.
    private func forge(_ path: FilePath, _ text: String) throws {
        let before = try FileStatus.of(path)
        let file = try FileDescriptor.open(path, O_WRONLY)
        try file.writeAll(Array(text.utf8), shown: path)
        try setTimes(path, nanoseconds: before.modified)
        let after = try FileStatus.of(path)
        #expect((after.size, after.modified, after.inode) == (before.size, before.modified, before.inode))
    }

    private static func writeThroughMemory(_ file: Int32) -> [Int32] {
        let memory = unsafe mmap(nil, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return [] }
        unsafe memory.storeBytes(of: 2, toByteOffset: 5000, as: UInt8.self)
        return [unsafe msync(memory, 8192, MS_SYNC), unsafe munmap(memory, 8192)]
    }

    @Test func writeThroughMemoryIsSeenAtItsEnd() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", [UInt8](repeating: 1, count: 8192))
            try await withDaemon(place) { daemon in
                try await expectRightDigest(path, daemon)
                let first = try await daemon.file(path).sha256
                do {
                    let file = try FileDescriptor.open(path, O_RDWR)
                    let results = Self.writeThroughMemory(file.number)
                    #expect(results == [0, 0])
                }
                try await expectRightDigest(path, daemon)
                #expect(try await daemon.file(path).sha256 != first)
            }
        }
    }

    @Test func forgedFileIsFoundWhetherAnybodyWatchedOrNot() async throws {
        try await withPlace { place in
            let path = try place.addFile("a.ckpt", "first")
            try await withDaemon(place) { daemon in
                try await expectRightDigest(path, daemon)
                try forge(path, "other")
                try await expectRightDigest(path, daemon)
            }
            try forge(path, "third")
            try await withDaemon(place) { daemon in
                try await expectRightDigest(path, daemon)
                #expect(try await daemon.status().hashing.filesTotal == 1)
            }
        }
    }

    @Test func restoredBackupIsAnsweredAsBefore() async throws {
        try await withPlace { place in
            let paths = try (0..<20).map { try place.addFile("\($0 % 4)/\($0).ckpt", "content \($0)") }
            let before = try await withDaemon(place) { daemon in
                try await daemon.sync()
                return try await daemon.files()
            }
            // New inodes and new times of change; sizes and times of modification are the old ones.
            for path in paths {
                let status = try FileStatus.of(path)
                let copy = place.directory.appending("copy")
                try writeFile(copy, try readFile(path, limit: 1 << 20))
                try setTimes(copy, nanoseconds: status.modified)
                try renameFile(copy, path)
                #expect(try FileStatus.of(path).inode != status.inode)
            }
            try await withDaemon(place) { daemon in
                _ = try await daemon.control("pause")
                // Nothing is read, and everything is answered.
                #expect(try await daemon.control("sync").status == 0)
                let after = try await daemon.files()
                #expect(after.map(\.state) == before.map(\.state))
                #expect(after.map(\.sha256) == before.map(\.sha256))
                #expect(after.map(\.id) == before.map(\.id))
                _ = try await daemon.control("resume")
                try await daemon.sync()
                #expect(try await daemon.files().map(\.sha256) == before.map(\.sha256))
            }
        }
    }

    @Test func changedRightsAndOwnersReadNothing() async throws {
        try await withPlace { place in
            for number in 0..<200 { try place.addFile("\(number % 10)/\(number).ckpt", "content \(number)") }
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let before = try await daemon.status().hashing
                let files = try await daemon.files()
                #expect(before.filesTotal == 200)
                var commands = [["/usr/bin/chmod", "-R", "g+w"], ["/usr/bin/chmod", "-R", "o-r"]]
                if geteuid() == 0 { commands.append(["/usr/bin/chown", "-R", "65534:65534"]) }
                for command in commands {
                    let words = command.dropFirst().map { Array($0.utf8) } + [place.models.bytes]
                    let result = try await run(FilePath(command[0]), words, in: place.directory)
                    #expect(result.status == 0, "\(result.errors)")
                    try await daemon.sync()
                    #expect(try await daemon.files() == files)
                }
                let after = try await daemon.status().hashing
                #expect(after.bytesTotal == before.bytesTotal)
                #expect(after.filesTotal == before.filesTotal)
            }
        }
    }
}
