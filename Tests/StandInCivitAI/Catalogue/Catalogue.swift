/// All models of the stand-in, found by their numbers and by the hashes of their files.
struct Catalogue: Sendable {
    /// A file of a version of a model.
    struct Place: Sendable {
        let model: Int64
        let version: Int64
        let file: Int
    }

    /// A version together with its model.
    struct Entry {
        let model: StandInModel
        let version: StandInVersion

        var isPublished: Bool { model.status == .published && version.status == .published }
    }

    private var models: [Int64: StandInModel] = [:]
    /// Bodies of the answers about a model, for models that nobody has changed since they were recorded.
    private var recorded: [Int64: [UInt8]] = [:]
    private var modelOfVersion: [Int64: Int64] = [:]
    /// By the hash in upper case, whatever its kind.
    private var places: [String: [Place]] = [:]
    private var images: [Int64: StandInImage] = [:]

    /// All models in the order of their numbers.
    var all: [StandInModel] { models.values.sorted { $0.id < $1.id } }

    subscript(model id: Int64) -> StandInModel? { models[id] }
    subscript(recorded id: Int64) -> [UInt8]? { recorded[id] }
    subscript(image id: Int64) -> StandInImage? { images[id] }

    /// The version with its model, published or not.
    subscript(version id: Int64) -> Entry? {
        guard let model = modelOfVersion[id].flatMap({ models[$0] }),
            let version = model.versions.first(where: { $0.id == id })
        else { return nil }
        return Entry(model: model, version: version)
    }

    /// Every file of a published version that has this hash, in upper case; of this kind, or of any.
    func files(withHash hash: String, kind: StandInHashKind? = nil) -> [Entry] {
        (places[hash] ?? []).compactMap { place in
            guard let entry = self[version: place.version], entry.isPublished else { return nil }
            if let kind, entry.version.files[place.file].storedHash(kind) != hash { return nil }
            return entry
        }
    }

    /// Puts a model in the place of the one with its number.
    mutating func set(_ model: StandInModel, recorded body: [UInt8]? = nil) {
        var model = model
        for version in model.versions.indices {
            for file in model.versions[version].files.indices where model.versions[version].files[file].id == nil {
                model.versions[version].files[file].id = model.versions[version].id * 10 + Int64(file)
            }
        }
        remove(model.id)
        models[model.id] = model
        recorded[model.id] = body
        for version in model.versions {
            modelOfVersion[version.id] = model.id
            for image in version.images { images[image.id] = image }
            for (index, file) in version.files.enumerated() {
                let place = Place(model: model.id, version: version.id, file: index)
                for hash in Self.hashes(of: file) { places[hash, default: []].append(place) }
            }
        }
    }

    /// Forgets a model.
    mutating func remove(_ id: Int64) {
        guard let model = models.removeValue(forKey: id) else { return }
        recorded[id] = nil
        for version in model.versions {
            modelOfVersion[version.id] = nil
            for image in version.images { images[image.id] = nil }
            for hash in version.files.flatMap({ Self.hashes(of: $0) }) {
                places[hash]?.removeAll { $0.model == id }
                if places[hash]?.isEmpty == true { places[hash] = nil }
            }
        }
    }

    private static func hashes(of file: StandInFile) -> Set<String> {
        Set(StandInHashKind.allCases.compactMap { file.storedHash($0) })
    }
}
