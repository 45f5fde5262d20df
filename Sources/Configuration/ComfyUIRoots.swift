internal import LinuxSystem

/// Turns an entry of `comfyui` into roots.
///
/// A directory gives the folders below its `models/` that exist, and the entries of its `extra_model_paths.yaml`; a
/// yaml file gives its entries. Inside one ComfyUI the same directory stands under several keys often enough
/// (`clip` beside `text_encoders`, `vae` beside `vae_approx`): there the first type wins, with a note.
struct ComfyUIRoots {
    let files: any ConfigurationFiles
    let expansion: PathExpansion
    let findings: Findings

    /// The roots of one entry, each directory once.
    func requests(_ path: FilePath, origin: SettingOrigin) -> [RootRequest] {
        var found: [RootRequest] = []
        if files.isDirectory(path) {
            found = modelFolders(path, origin)
            found += entries(of: path.appending("extra_model_paths.yaml"), namedBy: nil)
        } else if isYAMLName(path) {
            found = entries(of: path, namedBy: origin)
        } else {
            // An unmounted drive is no reason not to start.
            found = [placeholder(path, origin, "there is no such directory")]
        }
        return withoutRepetitions(found)
    }

    private func isYAMLName(_ path: FilePath) -> Bool {
        let name = path.description.lowercased()
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    private func modelFolders(_ directory: FilePath, _ origin: SettingOrigin) -> [RootRequest] {
        let models = directory.appending("models")
        let names: [[UInt8]]
        do throws(SystemError) { names = try files.names(in: models) } catch {
            return [placeholder(directory, origin, error.description)]
        }
        return names.map { (bytes: $0, text: escapedText($0)) }
            .filter { !$0.text.hasPrefix(".") && !ComfyUIFolder.ignored.contains($0.text) }
            .sorted { left, right in
                let (leftRank, rightRank) = (ComfyUIFolder.rank(of: left.text), ComfyUIFolder.rank(of: right.text))
                return leftRank == rightRank ? left.bytes.lexicographicallyPrecedes(right.bytes) : leftRank < rightRank
            }
            .map { name in (path: models.appending(name.bytes), type: ComfyUIFolder.type(of: name.text)) }
            .filter { files.isDirectory($0.path) }
            .map { RootRequest(path: $0.path, type: $0.type, origin: origin) }
    }

    /// A ComfyUI whose folders cannot be listed is one root without a type, offline until it appears.
    private func placeholder(_ directory: FilePath, _ origin: SettingOrigin, _ reason: String) -> RootRequest {
        let models = directory.appending("models")
        findings.note(
            origin,
            "no ComfyUI models found at \(directory) (\(reason)); \(models) is taken as one root without a type until "
                + "a reload finds its folders")
        return RootRequest(path: models, type: nil, origin: origin)
    }

    /// The entries of a yaml file; it may be absent where nobody named it.
    private func entries(of file: FilePath, namedBy origin: SettingOrigin?) -> [RootRequest] {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try files.read(file, limit: SettingsLoader.fileLimit) } catch {
            if let origin {
                findings.fault(origin, "comfyui: \(error)")
            } else if error.errno != .noEntry {
                findings.fault(SettingOrigin(source: file.description), "cannot be read: \(error.errno)")
            }
            return []
        }
        return ExtraModelPaths(file: file, expansion: expansion, findings: findings).requests(bytes)
    }

    private func withoutRepetitions(_ requests: [RootRequest]) -> [RootRequest] {
        var kept: [RootRequest] = []
        var positions: [FilePath: Int] = [:]
        for request in requests {
            guard let position = positions[request.path] else {
                positions[request.path] = kept.count
                kept.append(request)
                continue
            }
            guard let type = request.type else { continue }
            guard let first = kept[position].type else {
                kept[position] = request
                continue
            }
            if first != type {
                findings.note(
                    request.origin,
                    "\(request.path) stands for \(type.rawValue) here and for \(first.rawValue) at "
                        + "\(kept[position].origin); the first counts")
            }
        }
        return kept
    }
}
