internal import IndexAPI
internal import Indexing

extension APIProblem {
    /// Why a wish about CivitAI is not fulfilled, and what to do about it.
    init(_ refusal: LookupRefusal) {
        self =
            switch refusal {
            case .disabled:
                APIProblem(
                    .conflict,
                    "CivitAI is not asked anything: set civitai.enabled to true and start kikod without --no-civitai.")
            case .isPrivate:
                APIProblem(
                    .conflict,
                    "It is in a root with civitai: false, or has been, or may have a copy there, so nothing is asked"
                        + " about its hash; set civitai: true for that root, or name the version.")
            case .notHashed:
                APIProblem(
                    .conflict,
                    "It has not been hashed, so there is nothing to ask by; ask again when it is (kikod-ctl sync --hashed"
                        + " waits). A file larger than hashing.max_file_size never is.")
            case .isEmpty: APIProblem(.conflict, "It is empty, so there is nothing to ask about.")
            case .unknownContent: APIProblem(.notFound, "The file is not in the index any more.")
            case .unknownModel(let id): APIProblem(.notFound, "CivitAI has no model with the number \(id).")
            case .unknownVersion(let id): APIProblem(.notFound, "CivitAI has no version with the number \(id).")
            case .unavailable(let sentence): APIProblem(.unavailable, sentence)
            }
    }
}
