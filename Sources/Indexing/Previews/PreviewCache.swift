internal import LinuxSystem

/// Preview images by the digests of their contents: `previews/ab/abcd….` below the cache directory.
///
/// Whatever lies there may be deleted at any time; it is fetched again.
package struct PreviewCache: Sendable, Hashable {
    private let directory: FilePath

    init(cacheDirectory: FilePath) { directory = cacheDirectory.appending("previews") }

    /// Where the image of a content lies.
    func path(_ sha256: String) -> FilePath {
        directory.appending(String(sha256.prefix(2))).appending(sha256)
    }

    /// Puts an image in its place.
    func store(_ bytes: [UInt8], of sha256: String) throws(SystemError) {
        let path = path(sha256)
        try makeDirectories(path.parent, mode: 0o700)
        try AtomicFile.replace(path, with: bytes, mode: 0o600)
    }

    /// Takes images out.
    func remove(_ digests: [String]) {
        // One that is gone already is what is wanted; another is overwritten when it is wanted again.
        for sha256 in digests { try? removePath(path(sha256)) }
    }
}
