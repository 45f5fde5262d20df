/// Which names a watcher follows.
package struct WatchedNames: Sendable {
    /// True for a file whose changes are reported.
    package let isReported: @Sendable ([UInt8]) -> Bool
    /// True for a name below which nothing is watched or listed, and that is never reported.
    package let isIgnored: @Sendable ([UInt8]) -> Bool
    /// The file that a name beside it marks as unfinished (`X` for `X.aria2`), if it is such a mark.
    package let marked: @Sendable ([UInt8]) -> [UInt8]?
    /// The stems of the files that a name may say something of by lying beside them; none for most names.
    package let stems: @Sendable ([UInt8]) -> [[UInt8]]
    /// The stem of a file that is reported.
    package let stem: @Sendable ([UInt8]) -> [UInt8]

    package init(
        isReported: @escaping @Sendable ([UInt8]) -> Bool, isIgnored: @escaping @Sendable ([UInt8]) -> Bool,
        marked: @escaping @Sendable ([UInt8]) -> [UInt8]?,
        stems: @escaping @Sendable ([UInt8]) -> [[UInt8]] = { _ in [] },
        stem: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
    ) {
        self.isReported = isReported
        self.isIgnored = isIgnored
        self.marked = marked
        self.stems = stems
        self.stem = stem
    }

    /// True for a name that lies beside reported files and is followed because of them.
    func isCompanion(_ name: [UInt8]) -> Bool { !isReported(name) && !isIgnored(name) && !stems(name).isEmpty }
}
