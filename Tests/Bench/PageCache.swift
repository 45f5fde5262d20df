import Glibc
import LinuxSystem
import TestSupport

/// Files, and what of them lies in the page cache.
struct CachedFiles {
    let paths: [FilePath]

    /// The share of the files' pages that are in the cache, 0 to 1.
    func share() throws -> Double {
        var cached = 0
        var all = 0
        for path in paths {
            let pages = try Self.pages(of: path)
            cached += pages.cached
            all += pages.all
        }
        return Double(cached) / Double(max(all, 1))
    }

    /// Pages of a file that are in the cache, and all of them (mincore(2)).
    private static func pages(of path: FilePath) throws -> (cached: Int, all: Int) {
        let file = try FileDescriptor.open(path, O_RDONLY)
        let size = Int(try file.status().size)
        guard size > 0 else { return (0, 0) }
        guard let map = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.number, 0), unsafe map != MAP_FAILED else {
            throw SystemError(.current, call: "mmap", subject: path.description)
        }
        defer { unsafe munmap(map, size) }
        // In pieces, so that this program stays small.
        var states = [UInt8](repeating: 0, count: 16_384)
        var cached = 0
        for start in stride(from: 0, to: size, by: states.count * pageSize) {
            let length = min(states.count * pageSize, size - start)
            try systemCall("mincore", path.description) {
                unsafe states.withUnsafeMutableBufferPointer {
                    unsafe mincore(map.advanced(by: start), length, $0.baseAddress)
                }
            }
            cached += states.prefix((length + pageSize - 1) / pageSize).count { $0 & 1 == 1 }
        }
        return (cached, (size + pageSize - 1) / pageSize)
    }

    /// Takes the files out of the cache and returns the share that stays.
    func drop() throws -> Double {
        for path in paths {
            let file = try FileDescriptor.open(path, O_RDONLY)
            // Pages that are not on the disk yet would stay.
            try systemCall("fsync", path.description) { fsync(file.number) }
            file.dropFromPageCache(offset: 0, count: 0)
        }
        return try share()
    }

    /// Brings the files into the cache; false when they do not stay there, but for a page in a thousand.
    func fill() throws -> Bool {
        // Others may take pages away at any moment.
        for _ in 0..<3 {
            if try share() == 1 { return true }
            for path in paths { try Self.read(path) }
        }
        return try share() > 0.999
    }

    private static func read(_ path: FilePath) throws {
        let file = try FileDescriptor.open(path, O_RDONLY)
        var offset: Int64 = 0
        while true {
            let count = try file.read(upTo: 1 << 20, at: offset, shown: path).count
            if count == 0 { return }
            offset += Int64(count)
        }
    }
}

/// Throws what is missing when a directory's file system has no room for so many bytes more.
func checkFreeSpace(_ bytes: Int, in directory: FilePath) throws {
    var status = statvfs()
    try systemCall("statvfs", directory.description) { unsafe statvfs(directory.description, &status) }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    // The catalogue and others need some as well.
    let needed = bytes + 64 << 20
    guard free >= needed else {
        throw TestFailure("needs \(needed >> 20) MiB below \(directory), \(free >> 20) MiB are free")
    }
}
