internal import CLinux

/// Keeps malloc to two arenas: with one for each of two dozen threads, freed memory would lie about in all of them.
package func limitHeapArenas() { linux_limit_heap_arenas(2) }
