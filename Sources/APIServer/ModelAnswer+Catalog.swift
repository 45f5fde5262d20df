internal import Catalog
internal import IndexAPI
internal import LinuxSystem

extension ModelAnswer {
    /// A model of the catalogue as the API shows it, without its versions.
    init(_ model: StoredModel) {
        self.init(
            modelID: model.id, name: model.name, type: model.type, description: model.description,
            descriptionText: model.descriptionText, creator: model.creator, tags: model.tags,
            nsfwLevel: model.nsfwLevel,
            licence: ModelLicence(
                allowNoCredit: model.licence.allowsNoCredit, allowCommercialUse: model.licence.allowedCommercialUse,
                allowDerivatives: model.licence.allowsDerivatives,
                allowDifferentLicense: model.licence.allowsDifferentLicence),
            stats: ModelStatistics(model.statistics), goneSince: model.goneSince,
            versions: [])
    }
}

extension ModelStatistics {
    fileprivate init(_ statistics: StoredStatistics) {
        self.init()
        downloadCount = statistics.downloads
        thumbsUpCount = statistics.thumbsUp
        thumbsDownCount = statistics.thumbsDown
        commentCount = statistics.comments
        tippedAmountCount = statistics.tips
    }
}

extension ModelVersion {
    /// A version of the catalogue as the API shows it.
    init(_ version: StoredVersion) {
        self.init(
            versionID: version.id, name: version.name, baseModel: version.baseModel, publishedAt: version.publishedAt,
            trainedWords: version.trainedWords, goneSince: version.goneSince,
            files: version.files.map(VersionFile.init), images: version.images.map(VersionImage.init),
            installedPaths: version.installedPaths.map(\.description))
    }
}

extension VersionFile {
    fileprivate init(_ file: StoredVersionFile) {
        self.init(id: file.id)
        name = file.name
        type = file.type
        size = file.sizeKB.flatMap { $0 >= 0 ? Int64(exactly: ($0 * 1024).rounded()) : nil }
        format = file.format
        precision = file.precision
        variant = file.variant
        quantization = file.quantization
        isPrimary = file.isPrimary
        pickleScanResult = file.pickleScanResult
        virusScanResult = file.virusScanResult
        hashes = file.hashes
        downloadURL = file.downloadURL
    }
}

extension VersionImage {
    fileprivate init(_ image: StoredImage) {
        self.init(
            url: image.url, nsfwLevel: image.nsfwLevel, type: image.type, width: image.width, height: image.height)
    }
}

extension UpdateObject {
    /// An update with the files that it is one for.
    init(_ update: ModelUpdate, paths: [FilePath]) {
        self.init(
            modelID: update.modelID, modelName: update.modelName, baseModel: update.baseModel,
            installed: Version(update.installed), latest: Version(update.latest),
            otherBaseModels: update.otherBaseModels, earlyAccess: update.isEarlyAccess,
            paths: paths.map(\.description))
    }
}

extension UpdateObject.Version {
    fileprivate init(_ mark: VersionMark) {
        self.init(versionID: mark.id, versionName: mark.name, publishedAt: mark.publishedAt)
    }
}

extension PromptObject {
    /// How an image was made, as the API shows it.
    init(_ stored: StoredPrompt) {
        self.init(prompt: stored.prompt, imageURL: stored.imageURL)
        negativePrompt = stored.negativePrompt
        sampler = stored.sampler
        steps = stored.steps
        cfgScale = stored.guidance
        seed = stored.seed
        size = stored.size
        nsfwLevel = stored.nsfwLevel
        resources = stored.resources.map {
            PromptResource(type: $0.type, name: $0.name, hash: $0.hash, weight: $0.weight, versionID: $0.versionID)
        }
    }
}
