/// The words that the API uses as values.
///
/// The wire types hold words as strings, so that a client goes on reading when a newer daemon has one more of them;
/// these lists are what the daemon accepts in requests and what help, completion and documentation show.
package enum Vocabulary {
    /// Types of a file, and what `type=` accepts.
    package static let types = [
        "checkpoint", "lora", "embedding", "hypernetwork", "vae", "controlnet", "upscaler", "text_encoder",
        "clip_vision", "diffusion_model", "motion_module", "ip_adapter", "detection", "other",
    ]

    /// What counts of files say where nothing tells a type or a base model.
    package static let unknown = "unknown"

    /// The types that Kiko-Creator knows, and what `type=` accepts in its API.
    package static let kikoCreatorTypes = ["checkpoint", "lora", "embedding"]

    /// States of a file.
    package static let fileStates = ["pending", "hashing", "indexed", "error", "missing"]

    /// What `state=` accepts besides file states: every file that is there.
    package static let presentState = "present"

    /// States of the question to CivitAI, and what `civitai=` accepts.
    package static let civitaiStates = ["off", "pending", "found", "not_found", "error", "unlinked"]

    /// States of the daemon.
    package static let daemonStates = ["starting", "scanning", "ready", "degraded", "stopping"]

    /// States of a root.
    package static let rootStates = ["online", "offline"]

    /// Ways in which a root is watched.
    package static let watchKinds = ["inotify", "poll", "mixed"]

    /// States of the hashing threads.
    package static let hashingStates = ["idle", "running", "paused", "backing_off"]

    /// Kinds of rows in the scan history.
    package static let scanKinds = ["scan", "rehash", "verify"]

    /// What `GET events` tells.
    package static let events = [
        "file.added", "file.changed", "file.moved", "file.missing", "file.returned", "file.removed", "file.indexed",
        "file.error", "file.damaged", "file.dangerous", "lookup.found", "lookup.not_found", "update.available",
        "scan.started", "scan.completed", "root.offline", "root.online",
    ]

    /// What `GET events` tells in place of events that it does not hold any more: list again.
    package static let eventsLost = "events.lost"
}
