/// What is known of a reading beside the digests.
package struct ReadingCircumstances: Sendable, Hashable {
    /// When the inode had last changed before the first byte was read, in nanoseconds since 1970; nil on a file system
    /// where that says nothing.
    package var changedBefore: Int64?
    /// The same after the last byte.
    package var changedAfter: Int64?
    /// What the reading was to compute.
    package var asked: WantedDigests
    /// Nobody is asked about the content before this moment, in nanoseconds since 1970: somebody may still be writing the
    /// file. nil where nobody is.
    package var lookupNotBefore: Int64?

    package init(
        changedBefore: Int64? = nil, changedAfter: Int64? = nil, asked: WantedDigests = WantedDigests(),
        lookupNotBefore: Int64? = nil
    ) {
        self.changedBefore = changedBefore
        self.changedAfter = changedAfter
        self.asked = asked
        self.lookupNotBefore = lookupNotBefore
    }

    /// True when the inode changed while it was read, so that the bytes may be those of two states.
    ///
    /// - Parameter known: the change that the catalogue has seen. A later one than the reading began with was seen
    ///   meanwhile.
    func isTorn(known: Int64) -> Bool {
        guard let changedBefore else { return false }
        return changedBefore != changedAfter || known > changedBefore
    }

    /// True when the inode had changed since the catalogue looked at it, and then did not while it was read.
    func isLater(than known: Int64) -> Bool { changedBefore.map { $0 > known } ?? false }
}
