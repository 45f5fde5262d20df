package import Catalog
package import Indexing
package import LinuxSystem

/// What the API answers from: the catalogue, the pipeline, the questions to CivitAI, and when the daemon began.
package struct APIIndex: Sendable {
    package let catalog: ModelCatalog
    package let indexer: Indexer
    package let lookups: LookupService
    package let started: MonotonicTime

    package init(catalog: ModelCatalog, indexer: Indexer, lookups: LookupService, started: MonotonicTime) {
        self.catalog = catalog
        self.indexer = indexer
        self.lookups = lookups
        self.started = started
    }
}
