/// The sizes of a `Database`; together they bound its memory.
package struct DatabaseConfiguration: Sendable {
    /// Connections that read at the same time; a further reader waits.
    package var readers: Int
    /// Connections beside those, for threads that must not wait until the long reads of others are done.
    package var reservedReaders: Int
    /// Threads that run the bodies of asynchronous reads.
    package var readerThreads: Int
    /// Page cache of the writing connection, in KiB.
    package var writerCacheKibibytes: Int
    /// Page cache of each reading connection, in KiB.
    package var readerCacheKibibytes: Int
    /// As in `Connection.init`, for the writing connection; readers never trust the schema.
    package var trustsSchema: Bool
    /// How long a statement waits for a lock that another process holds.
    package var busyTimeoutMilliseconds: Int

    package init(
        readers: Int = 4, reservedReaders: Int = 4, readerThreads: Int = 2, writerCacheKibibytes: Int = 2048,
        readerCacheKibibytes: Int = 1024, trustsSchema: Bool = false, busyTimeoutMilliseconds: Int = 5000
    ) {
        self.readers = max(1, readers)
        self.reservedReaders = max(0, reservedReaders)
        self.readerThreads = max(1, readerThreads)
        self.writerCacheKibibytes = writerCacheKibibytes
        self.readerCacheKibibytes = readerCacheKibibytes
        self.trustsSchema = trustsSchema
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
    }
}
