package import JSON

// A list is full of these, and a look-up is little else, so that they are written without `Encodable`.

extension FileObject: JSONWritable {
    package func write(to object: inout JSONMembers) throws {
        object.write(baseModel, for: "base_model")
        object.write(baseModelSource, for: "base_model_source")
        object.write(baseModelType, for: "base_model_type")
        try object.write(civitai, for: "civitai")
        object.write(copies, for: "copies")
        object.write(error, for: "error")
        object.write(folder, for: "folder")
        object.write(format, for: "format")
        object.write(Int64(hardLinks), for: "hard_links")
        try object.write(hashes, for: "hashes")
        try object.write(header, for: "header")
        object.write(id, for: "id")
        try object.write(encoding: metadata, for: "metadata")
        object.write(modifiedAt, for: "modified_at")
        object.write(name, for: "name")
        try object.write(encoding: part, for: "part")
        object.write(path, for: "path")
        object.writeIfPresent(pathBase64, for: "path_base64")
        try object.write(encoding: pickle, for: "pickle")
        try object.write(encoding: preview, for: "preview")
        object.write(root, for: "root")
        object.write(sha256, for: "sha256")
        object.write(size, for: "size")
        object.write(state, for: "state")
        object.write(symlink, for: "symlink")
        try object.write(encoding: topTags, for: "top_tags")
        try object.write(trainedOn, for: "trained_on")
        object.write(trainedWords, for: "trained_words")
        object.write(trainedWordsSource, for: "trained_words_source")
        object.write(type, for: "type")
        object.write(typeSource, for: "type_source")
        try object.write(user, for: "user")
    }
}

extension FileHashes: JSONWritable {
    package func write(to object: inout JSONMembers) {
        object.writeIfPresent(autoV1, for: "AutoV1")
        object.writeIfPresent(autoV2, for: "AutoV2")
        object.writeIfPresent(autoV3, for: "AutoV3")
        object.writeIfPresent(blake3, for: "BLAKE3")
        object.writeIfPresent(crc32, for: "CRC32")
        object.writeIfPresent(sha256, for: "SHA256")
    }
}

extension FileHeader: JSONWritable {
    package func write(to object: inout JSONMembers) {
        object.write(architecture, for: "architecture")
        object.write(components, for: "components")
        object.write(dtypes, for: "dtypes")
        object.write(parameterCount, for: "parameter_count")
        object.write(prediction, for: "prediction")
        object.write(quantization, for: "quantization")
        object.write(size, for: "size")
        object.write(tensorCount, for: "tensor_count")
    }
}

extension TrainedOn: JSONWritable {
    package func write(to object: inout JSONMembers) {
        object.write(name, for: "name")
        object.write(path, for: "path")
        object.write(sha256, for: "sha256")
    }
}

extension UserFields: JSONWritable {
    package func write(to object: inout JSONMembers) throws {
        object.write(activationText, for: "activation_text")
        object.write(description, for: "description")
        object.write(negativeText, for: "negative_text")
        object.write(notes, for: "notes")
        try object.write(encoding: preferredWeight, for: "preferred_weight")
    }
}

extension CivitaiLink: JSONWritable {
    package func write(to object: inout JSONMembers) {
        object.write(baseModel, for: "base_model")
        object.write(checkedAt, for: "checked_at")
        object.write(creator, for: "creator")
        object.write(match, for: "match")
        object.write(message, for: "message")
        object.write(modelID, for: "model_id")
        object.write(modelName, for: "model_name")
        object.write(modelType, for: "model_type")
        object.write(nextCheckAt, for: "next_check_at")
        object.write(nsfwLevel.map { Int64($0) }, for: "nsfw_level")
        object.write(pageURL, for: "page_url")
        object.write(role, for: "role")
        object.write(source, for: "source")
        object.write(state, for: "state")
        object.write(trainedWords, for: "trained_words")
        object.write(versionID, for: "version_id")
        object.write(versionName, for: "version_name")
    }
}

extension LookupAnswer: JSONWritable {
    package func write(to object: inout JSONMembers) throws {
        try object.write(files, for: "files")
        object.write(hash, for: "hash")
        object.write(matched, for: "matched")
        object.write(Int64(total), for: "total")
    }
}
