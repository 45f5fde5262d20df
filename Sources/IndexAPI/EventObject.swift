/// The data of one event of `GET events`: a line of JSON.
package struct EventObject: Codable, Sendable, Equatable {
    /// The event's number in this run of the daemon; the stream's `id:` tells the run as well.
    package var id: Int64
    /// One of `Vocabulary.events`.
    package var event: String
    /// When it happened.
    package var at: String
    /// The file, the root, or the directory that was scanned; null where the event is of none.
    @Nullable package var path: String?
    /// The path's bytes; only where they are not UTF-8.
    package var pathBase64: String?
    /// Where a moved file was before.
    @Nullable package var oldPath: String?
    /// The old path's bytes; only where they are not UTF-8.
    package var oldPathBase64: String?
    /// The file as it is when the event is sent, without its metadata; null where it is gone by then.
    @Nullable package var file: FileObject?
    /// The scan as it is when the event is sent.
    @Nullable package var scan: ScanRecord?
    /// Why, as a sentence for people.
    @Nullable package var message: String?

    package init(id: Int64, event: String, at: String) {
        self.id = id
        self.event = event
        self.at = at
    }

    enum CodingKeys: String, CodingKey {
        case id, event, at, path
        case pathBase64 = "path_base64"
        case oldPath = "old_path"
        case oldPathBase64 = "old_path_base64"
        case file, scan, message
    }
}
