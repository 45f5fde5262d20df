/// The answer to `GET stats`. Files and bytes are those of files that are there; only `by_state` has missing ones, too.
package struct StatsAnswer: Codable, Sendable, Equatable {
    package var files = 0
    package var bytes: Int64 = 0
    /// Files of each type; `Vocabulary.unknown` for those whose type nothing tells.
    package var byType: [String: Int] = [:]
    /// Files of each base model; `Vocabulary.unknown` as above.
    package var byBaseModel: [String: Int] = [:]
    /// Every one of `Vocabulary.fileStates`.
    package var byState: [String: Int] = [:]
    /// Files of each of `Vocabulary.civitaiStates`.
    package var byCivitaiState: [String: Int] = [:]
    /// Different contents of the files.
    package var contents = 0
    /// What copies take up that are no links.
    package var wastedBytes: Int64 = 0
    /// Null before the first scan.
    @Nullable package var lastScan: LastScan?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case files, bytes
        case byType = "by_type"
        case byBaseModel = "by_base_model"
        case byState = "by_state"
        case byCivitaiState = "by_civitai_state"
        case contents
        case wastedBytes = "wasted_bytes"
        case lastScan = "last_scan"
    }
}
