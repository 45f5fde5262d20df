/// What a person wrote down about a model.
package struct SidecarUserPart: Hashable, Sendable {
    package var description: String?
    package var notes: String?
    package var activationText: String?
    package var negativeText: String?
    /// The strength to load an adapter with; never 0, which means that none was chosen.
    package var preferredWeight: Double?
    /// What `sd version` says; nil for `Unknown` and `Other`.
    package var baseModel: BaseModelName?

    package init() {}

    package var isEmpty: Bool { self == SidecarUserPart() }
}
