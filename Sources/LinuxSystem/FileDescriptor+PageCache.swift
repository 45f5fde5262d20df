internal import Glibc

extension FileDescriptor {
    /// For each block of a file of `size` bytes, whether any of it lies in the page cache (mincore(2)).
    ///
    /// nil where the kernel does not say. To those who may neither own nor write the file it says that everything is
    /// cached. `blockSize` must be a multiple of the page size.
    package borrowing func cachedBlocks(blockSize: Int, size: Int64) -> [Bool]? {
        let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard let length = Int(exactly: size), length > 0, pageSize > 0, blockSize % pageSize == 0 else { return nil }
        // The mapping is never touched, so a file that shrinks meanwhile raises no SIGBUS.
        guard let map = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, number, 0), unsafe map != MAP_FAILED else {
            return nil
        }
        defer { unsafe munmap(map, length) }
        var pages = [UInt8](repeating: 0, count: blockSize / pageSize)
        var cached: [Bool] = []
        cached.reserveCapacity(length / blockSize + 1)
        for start in stride(from: 0, to: length, by: blockSize) {
            let count = min(blockSize, length - start)
            let result = unsafe pages.withUnsafeMutableBufferPointer {
                unsafe mincore(map.advanced(by: start), count, $0.baseAddress)
            }
            guard result == 0 else { return nil }
            cached.append(pages.prefix((count + pageSize - 1) / pageSize).contains { $0 & 1 != 0 })
        }
        return cached
    }

    /// Asks the kernel to forget cached pages of this range; dirty and mapped ones stay (posix_fadvise(2)).
    package borrowing func dropFromPageCache(offset: Int64, count: Int) {
        posix_fadvise(number, Int(offset), count, POSIX_FADV_DONTNEED)
    }
}
