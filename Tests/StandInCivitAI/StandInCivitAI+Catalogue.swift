internal import Synchronization

extension StandInCivitAI {
    /// Adds models, each in the place of the one with its number.
    package func add(_ models: StandInModel...) { add(contentsOf: models) }

    /// Adds models, each in the place of the one with its number.
    package func add(contentsOf models: [StandInModel]) {
        core.catalogue.withLock { catalogue in for model in models { catalogue.set(model) } }
    }

    /// Adds the model of a recorded body of `GET /models/:id`, which is served as it is, and for which all other
    /// answers are made out of it. Images are served by the stand-in.
    ///
    /// - Returns: the number of the model.
    @discardableResult
    package func add(modelJSON body: [UInt8]) throws -> Int64 {
        let text = String(decoding: body, as: UTF8.self)
        let local = Array(text.replacing("https://image.civitai.com/", with: baseURL + "/image/").utf8)
        let model = try RecordedModel.read(JSONTree(reading: local))
        core.catalogue.withLock { $0.set(model, recorded: local) }
        return model.id
    }

    /// Changes a model; nothing happens when it is not there.
    package func update(model id: Int64, _ change: (inout StandInModel) -> Void) {
        core.catalogue.withLock { catalogue in
            guard var model = catalogue[model: id] else { return }
            change(&model)
            catalogue.set(model)
        }
    }

    /// Changes a version; nothing happens when it is not there.
    package func update(version id: Int64, _ change: (inout StandInVersion) -> Void) {
        core.catalogue.withLock { catalogue in
            guard var model = catalogue[version: id]?.model else { return }
            for index in model.versions.indices where model.versions[index].id == id {
                change(&model.versions[index])
            }
            catalogue.set(model)
        }
    }

    /// Takes a model from the public, as its creator, or CivitAI, may do; `update` can give it back.
    package func unpublish(model id: Int64) { update(model: id) { $0.status = .unpublished } }

    /// Takes a version from the public.
    package func unpublish(version id: Int64) { update(version: id) { $0.status = .unpublished } }

    /// Forgets a model.
    package func remove(model id: Int64) { core.catalogue.withLock { $0.remove(id) } }

    /// Forgets a version.
    package func remove(version id: Int64) {
        core.catalogue.withLock { catalogue in
            guard var model = catalogue[version: id]?.model else { return }
            model.versions.removeAll { $0.id == id }
            catalogue.set(model)
        }
    }

    /// All models in the order of their numbers, as they are now.
    package var models: [StandInModel] { core.catalogue.withLock { $0.all } }
}
