internal import LinuxSystem

/// The settings that one reconciliation or hash goes by; replaced as a whole by a reload.
struct IndexingOptions: Sendable, Hashable {
    var rules: FileNameRules
    /// Nanoseconds.
    var settle: Int64
    var followsSymbolicLinks: Bool
    /// Bytes; 0 means no limit.
    var maximumFileSize: Int64
    var autoV3MaximumSize: Int64
    var blake3: Bool
    /// One pass and out: nothing is waited for longer than `settle`.
    var isSinglePass: Bool

    /// How long a file whose header promises more than is there is waited for after its last change, in nanoseconds.
    var incompletePatience: Int64 { isSinglePass ? settle : max(settle, 60_000_000_000) }
}
