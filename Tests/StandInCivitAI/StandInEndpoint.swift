/// What the stand-in can be asked for.
package enum StandInEndpoint: String, Sendable, CaseIterable {
    /// `/model-versions/by-hash/:hash`.
    case versionByHash
    /// `POST /model-versions/by-hash`.
    case versionsByHashes
    /// `POST /model-versions/by-hash/ids`.
    case idsByHashes
    /// `/model-versions/:id`.
    case version
    /// `/model-versions/mini/:id`.
    case miniVersion
    /// `/models/:id`.
    case model
    /// `/models`.
    case models
    /// `/enums`.
    case enumerations
    /// `/me`.
    case account
    /// Anything below `/image`.
    case image
    /// A path that CivitAI, as far as it is stood in for, does not know.
    case unknown

    /// The endpoint that a path with its segments belongs to.
    init(path: [String]) {
        guard path.starts(with: ["api", "v1"]) else {
            self = path.first == "image" ? .image : .unknown
            return
        }
        let rest = path.dropFirst(2)
        switch (rest.first, rest.dropFirst().first, rest.count) {
        case ("model-versions", "by-hash", 2): self = .versionsByHashes
        case ("model-versions", "by-hash", 3): self = rest.last == "ids" ? .idsByHashes : .versionByHash
        case ("model-versions", "mini", 3): self = .miniVersion
        case ("model-versions", .some, 2): self = .version
        case ("models", nil, 1): self = .models
        case ("models", .some, 2): self = .model
        case ("enums", nil, 1): self = .enumerations
        case ("me", nil, 1): self = .account
        default: self = .unknown
        }
    }

    /// True for the endpoints that say 405 to a method that they do not take; the others do not look at it.
    var checksMethod: Bool { [.version, .miniVersion, .models, .account].contains(self) }
}
