/// Which names a watcher follows.
package struct WatchedNames: Sendable {
    /// True for a file whose changes are reported.
    package let isReported: @Sendable ([UInt8]) -> Bool
    /// True for a name below which nothing is watched or listed, and that is never reported.
    package let isIgnored: @Sendable ([UInt8]) -> Bool
    /// The file that a name beside it marks as unfinished (`X` for `X.aria2`), if it is such a mark.
    package let marked: @Sendable ([UInt8]) -> [UInt8]?

    package init(
        isReported: @escaping @Sendable ([UInt8]) -> Bool, isIgnored: @escaping @Sendable ([UInt8]) -> Bool,
        marked: @escaping @Sendable ([UInt8]) -> [UInt8]?
    ) {
        self.isReported = isReported
        self.isIgnored = isIgnored
        self.marked = marked
    }
}
