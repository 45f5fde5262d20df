/// Finds out whether tensors share bytes or leave bytes between them, in bounded memory.
///
/// Tensors that follow each other, as every writer puts them, are one piece, so well-formed headers need next to
/// nothing. Where they do not, pieces are kept up to a limit, sorted and joined.
struct TensorCoverage {
    private let maximumPieces: Int
    private var pieces: [Range<UInt64>] = []
    /// Where the last tensor ends.
    private(set) var extent: UInt64 = 0
    /// Set with the first fault: what follows would only need memory.
    private var hasFailed = false

    /// A piece takes 16 bytes.
    init(maximumPieces: Int = 1 << 19) { self.maximumPieces = maximumPieces }

    /// Takes the bytes of one tensor. Throws when pieces overlap, as far as seen, or are too many.
    mutating func add(_ range: Range<UInt64>) throws(ModelFormatError) {
        extent = max(extent, range.upperBound)
        if range.isEmpty || hasFailed { return }
        if let last = pieces.last, last.upperBound == range.lowerBound {
            pieces[pieces.count - 1] = last.lowerBound..<range.upperBound
            return
        }
        pieces.append(range)
        guard pieces.count == maximumPieces else { return }
        try join()
        guard pieces.count <= maximumPieces / 2 else {
            hasFailed = true
            pieces = []
            throw .invalid("its tensors lie in too many separate pieces to check that none overlap")
        }
    }

    /// Throws when tensors share bytes, or bytes before the last one's end belong to none.
    ///
    /// Gaps may be allowed: where not every tensor's size is known, one of those may lie there.
    mutating func check(allowingGaps: Bool = false) throws(ModelFormatError) {
        if hasFailed { return }
        try join()
        if allowingGaps { return }
        let covered = pieces.first ?? 0..<0
        if covered.lowerBound > 0 { throw Self.gap(0..<covered.lowerBound) }
        if pieces.count > 1 { throw Self.gap(covered.upperBound..<pieces[1].lowerBound) }
        if covered.upperBound < extent { throw Self.gap(covered.upperBound..<extent) }
    }

    private mutating func join() throws(ModelFormatError) {
        pieces.sort { $0.lowerBound < $1.lowerBound }
        var joined: [Range<UInt64>] = []
        for piece in pieces {
            guard let last = joined.last, last.upperBound >= piece.lowerBound else {
                joined.append(piece)
                continue
            }
            guard last.upperBound == piece.lowerBound else {
                hasFailed = true
                pieces = []
                throw .invalid("two tensors share the data from byte \(piece.lowerBound) on")
            }
            joined[joined.count - 1] = last.lowerBound..<piece.upperBound
        }
        pieces = joined
    }

    private static func gap(_ range: Range<UInt64>) -> ModelFormatError {
        .invalid("no tensor has the bytes \(range.lowerBound) to \(range.upperBound) of the data")
    }
}
