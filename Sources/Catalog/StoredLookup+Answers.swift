extension StoredLookup {
    /// The state that answers tell; nil where nothing is asked.
    ///
    /// What was learned stays told when requests are switched off, or the content comes to lie where it is private. The
    /// question about the version of a pin tells nothing of the content.
    ///
    /// - Parameter isAsking: false while requests to CivitAI are switched off.
    package func shownState(isAsking: Bool) -> State? {
        let isUnanswered = checkedAt == nil && (state == .pending || state == .error)
        let isSilent = !isAsking || isPrivate && match != .pinned
        return isUnanswered && isSilent ? nil : state
    }
}

/// How many contents of the roots' files are in which state with CivitAI, of those that have a digest to ask by.
package struct LookupCounts: Sendable, Hashable {
    /// Those that CivitAI has answered about, or that it is not asked about any more.
    var settled: [StoredLookup.State: Int] = [:]
    /// Pending and failed ones that CivitAI has not answered about yet.
    var unanswered: [StoredLookup.State: Int] = [:]
    /// The unanswered ones that are private and not pinned.
    var unansweredPrivate: [StoredLookup.State: Int] = [:]

    package init() {}

    /// How many answers tell to be in a state.
    ///
    /// - Parameter isAsking: false while requests to CivitAI are switched off.
    package func count(_ state: StoredLookup.State, isAsking: Bool) -> Int {
        let asked = isAsking ? unanswered[state, default: 0] - unansweredPrivate[state, default: 0] : 0
        return settled[state, default: 0] + asked
    }
}

/// A state with CivitAI by which a list is narrowed.
package struct LookupCondition: Sendable, Hashable {
    /// nil for contents about which nothing is asked.
    package let state: StoredLookup.State?
    /// False while requests to CivitAI are switched off.
    package let isAsking: Bool

    package init(_ state: StoredLookup.State?, isAsking: Bool) {
        self.state = state
        self.isAsking = isAsking
    }
}
