/// The kinds of events that people look for in the journal, each with its MESSAGE_ID (systemd.journal-fields(7)).
///
/// `systemd/kikod.catalog` explains each of them for `journalctl --catalog`. An identifier that was once released never
/// changes its meaning.
package enum LogEvent: String, Sendable, CaseIterable {
    /// The daemon begins.
    case started = "a4f294cf7ba14ba49a6342880a56ef3e"
    /// The daemon has ended as it was asked to.
    case ended = "68c1e73c2c2642c0ab9b386bfb4da4d8"
    /// The daemon cannot start or go on.
    case failed = "d42cf1d9552943c188cf581e9365d66a"
    /// A changed configuration is in force.
    case configurationReloaded = "650d7e92da2c465fa67168a0d620b3e2"
    /// A changed configuration is not taken up.
    case configurationRefused = "1734b027720d46b1a8eb33efbeeb648e"
    /// A changed setting waits for the next start.
    case restartNeeded = "7a618f58b7ce4a09a82145c23b8ea9ef"
    /// A root can be seen again.
    case rootOnline = "48b7dfb4adb74bdb894cb1d96ab01771"
    /// A root cannot be seen.
    case rootOffline = "4bceee49aad34e31b27b7a777e257f51"
    /// Parts of a root cannot be seen, or only by looking again and again.
    case rootPartlySeen = "390849d3519e425cb6aebd1cb59a519d"
    /// A root was compared with the index.
    case scanWalked = "ffeff9fc9ab241dd9db45ec552e644fe"
    /// Everything that a scan found to be read was read, or a verification is over.
    case scanCompleted = "dbc8ab0739384d61ba6641e4015750fd"
    /// The kernel has dropped file events.
    case fileEventsLost = "63ae503bb4bc4edca8f24adc87cd68ca"
    /// Some kind of change is not noticed at once any more.
    case watchingFailed = "6eede3ef27ac4e68af23d1d92f4899f6"
    /// The database refuses changes.
    case catalogueFailed = "087f6c949fff4daeb1f3c415165afcb9"
    /// The database takes changes again.
    case catalogueRecovered = "3b9852a2e1f04c6d99c1ac4792479cb9"
    /// A file was read and its digests are known; at debug level only.
    case fileHashed = "3e58c42f05b94473a65cdc5697c1f8d4"
    /// A file could not be read.
    case fileUnreadable = "89622dbf860840fdb9deb4bfadfca567"
    /// A file's bytes are no longer those that were hashed.
    case fileDamaged = "8bb8ce2043224b919ff4a2a147beef00"
    /// To load a file may run any program.
    case fileDangerous = "aec999fab3044047bfc5591f84dd74e7"
    /// CivitAI does not answer, or refuses.
    case civitaiAway = "249c6643bfa04ad0a56fb23202e2abba"
    /// CivitAI answers again.
    case civitaiBack = "b9d4f617c04b42ff933daf9269dde6cb"
    /// The API key is not used.
    case apiKeyUnused = "ec458f02b292434aaf8129d4eddfb066"
    /// A preview could not be written beside its model.
    case previewNotBeside = "315c2a50bfa141aab8179475dcbf1147"
    /// Somebody asks for a change.
    case changeAsked = "aadcb4c6cae1483aac44c2446a9003e4"
    /// A request to the API failed for a fault of kikod or its database.
    case requestFailed = "337087baad8b40938c6a8e9465994c91"
}
