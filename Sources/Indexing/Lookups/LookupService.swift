package import Catalog

/// Asks CivitAI about contents and keeps what it says.
package final class LookupService: Sendable {
    private let catalog: ModelCatalog

    package init(catalog: ModelCatalog) { self.catalog = catalog }

    /// How it goes.
    package func status() -> LookupStatus { LookupStatus() }

    /// Links a content to a version for ever, or, without one, forgets a pin and an `unlink` and asks CivitAI at once.
    /// Blocks until that is done.
    package func link(content: Int64, toVersion version: Int64?) throws { throw LookupRefusal.disabled }

    /// Has everything asked at once that waits for a later time. Does not wait for it.
    package func askAgain() throws { throw LookupRefusal.disabled }

    /// Forbids to link a content, and undoes the link that it has.
    package func unlink(content: Int64) throws { throw LookupRefusal.disabled }

    /// Fetches a model with all of its versions. Blocks until that is done.
    ///
    /// - Returns: how many versions it has.
    package func cacheModel(_ id: Int64) throws -> Int { throw LookupRefusal.disabled }
}
