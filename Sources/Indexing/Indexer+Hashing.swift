package import LinuxSystem

extension Indexer {
    /// Holds all reading for digests, the files in flight included, for so many seconds or until `resume`; lasts over
    /// restarts. Blocks.
    package func pause(seconds: Int64?) throws {
    }

    /// Ends a pause. Blocks.
    package func resume() throws {
    }

    /// Has all indexed files at or below a path, or of all roots, read again and compared with what is known.
    ///
    /// - Returns: the row of `scan_history`. Blocks.
    package func startVerification(path: FilePath?) throws -> Int64 {
        throw IndexerRefusal.notBelowAnyRoot(path ?? .root)
    }

    /// Has a file that somebody asked about read before all others.
    package func prefer(_ file: Int64) {
    }
}
