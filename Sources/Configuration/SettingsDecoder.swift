internal import LinuxSystem
internal import YAML

/// What the configuration file says, before environment and flags.
struct FileSettings {
    /// The parts that need no surroundings; its two paths are placeholders.
    var settings = Settings(dataDirectory: .root, socket: .root)
    var dataDirectory: FilePath?
    var socket: FilePath?
    var roots: [RootRequest] = []
    var comfyUI: [(path: FilePath, origin: SettingOrigin)] = []
    /// Whether the file says which roots there are, be it none.
    var namesRoots = false
}

/// Reads the nodes of `kikod.yaml` into settings; every fault goes to the findings.
struct SettingsDecoder {
    let file: FilePath
    let expansion: PathExpansion
    let findings: Findings

    /// The keys that each mapping may have, "" being the top; "roots" are its elements. Tests hold etc/kikod.yaml and
    /// kikod.yaml(5) to them.
    static let keys: [String: [String]] = [
        "": [
            "roots", "comfyui", "data_dir", "socket", "http", "watch", "hashing", "civitai", "previews",
            "previews_max_nsfw_level", "log_level",
        ],
        "roots": ["path", "type", "watch", "civitai"],
        "http": ["listen", "token_file", "hosts"],
        "watch": ["settle", "poll_interval", "rescan_interval", "follow_symlinks", "keep_missing", "ignore"],
        "hashing": ["workers", "queue_capacity", "max_file_size", "max_rate", "autov3_max_size", "blake3"],
        "civitai": ["enabled", "base_url", "api_key_file", "requests_per_second", "timeout"],
    ]

    private typealias Value = SettingValue

    func decode(_ node: YAMLNode) -> FileSettings {
        refuseTags(node)
        let fields = section(node, nil)
        var result = FileSettings()
        var roots: [RootRequest?] = []
        fields.readList("roots", of: "directories", into: &roots, root)
        result.roots = roots.compactMap(\.self)
        fields.readList("comfyui", of: "directories", into: &result.comfyUI) { node throws(ValueProblem) in
            (try directory(node), origin(node))
        }
        result.namesRoots = fields["roots"] != nil || fields["comfyui"]?.sequence?.isEmpty == false
        fields.read("data_dir", into: &result.dataDirectory, Value.optional(path("a directory")))
        fields.read("socket", into: &result.socket, Value.optional(path("a path")))
        if let node = fields["http"] { result.settings.http = http(node) }
        if let node = fields["watch"] { result.settings.watch = watch(node) }
        if let node = fields["hashing"] { result.settings.hashing = hashing(node) }
        if let node = fields["civitai"] { result.settings.civitai = civitai(node) }
        fields.read("previews", into: &result.settings.previews, Value.word(PreviewMode.self))
        fields.read(
            "previews_max_nsfw_level", into: &result.settings.previewsMaximumNSFWLevel, Value.integer(in: 1...63))
        fields.read("log_level", into: &result.settings.logLevel, Value.word(LogLevelSetting.self))
        return result
    }

    /// A root in its short or long form; nil when its keys have faults that are already told.
    private func root(_ node: YAMLNode) throws(ValueProblem) -> RootRequest? {
        guard node.mapping != nil else {
            return RootRequest(path: try directory(node), origin: origin(node))
        }
        let fields = section(node, "roots")
        guard fields["path"] != nil else { throw ValueProblem("a root that has keys needs the key path") }
        var path: FilePath?
        var type: ModelType?
        var watch: WatchMode?
        var civitai: Bool?
        fields.read("path", into: &path, Value.required(directory))
        fields.read("type", into: &type, Value.optional(Value.word(ModelType.self)))
        fields.read("watch", into: &watch, Value.required(Value.word(WatchMode.self)))
        fields.read("civitai", into: &civitai, Value.required(Value.boolean))
        return path.map { RootRequest(path: $0, type: type, watch: watch, civitai: civitai, origin: origin(node)) }
    }

    private func http(_ node: YAMLNode) -> HTTPSettings {
        let fields = section(node, "http")
        var http = HTTPSettings()
        fields.read("listen", into: &http.listen, Value.optional(Value.listenAddress))
        fields.read("token_file", into: &http.tokenFile, Value.optional(secretFile))
        fields.readList("hosts", of: "host names", into: &http.hosts, Value.hostName)
        if let listen = http.listen, !listen.isLoopback, http.tokenFile == nil, let node = fields["listen"],
            fields["token_file"]?.isNull ?? true
        {
            fields.fault(
                node, "http.listen: \(listen) can be reached from other machines, so http.token_file is needed")
        }
        return http
    }

    private func watch(_ node: YAMLNode) -> WatchSettings {
        let fields = section(node, "watch")
        let day = Duration.seconds(86400)
        var watch = WatchSettings()
        fields.read("settle", into: &watch.settle, Value.duration(in: .zero ... .seconds(3600)))
        fields.read("poll_interval", into: &watch.pollInterval, Value.duration(in: .milliseconds(100)...(day * 30)))
        fields.read("rescan_interval", into: &watch.rescanInterval, Value.duration(in: .seconds(1)...(day * 365)))
        fields.read("follow_symlinks", into: &watch.followSymlinks, Value.boolean)
        fields.read("keep_missing", into: &watch.keepMissing, Value.duration(in: .zero...(day * 36500)))
        fields.readList("ignore", of: "patterns", into: &watch.ignore, Value.text("a pattern such as \"*.bak\""))
        return watch
    }

    private func hashing(_ node: YAMLNode) -> HashingSettings {
        let fields = section(node, "hashing")
        var hashing = HashingSettings()
        fields.read("workers", into: &hashing.workers, Value.workers)
        fields.read("queue_capacity", into: &hashing.queueCapacity, Value.integer(in: 1...1_000_000))
        fields.read("max_file_size", into: &hashing.maximumFileSize, Value.byteSize)
        fields.read("max_rate", into: &hashing.maximumRate, Value.byteSize)
        fields.read("autov3_max_size", into: &hashing.autoV3MaximumSize, Value.byteSize)
        fields.read("blake3", into: &hashing.blake3, Value.boolean)
        return hashing
    }

    private func civitai(_ node: YAMLNode) -> CivitAISettings {
        let fields = section(node, "civitai")
        var civitai = CivitAISettings()
        fields.read("enabled", into: &civitai.enabled, Value.boolean)
        fields.read("base_url", into: &civitai.baseURL, Value.baseURL)
        fields.read("api_key_file", into: &civitai.apiKeyFile, Value.optional(secretFile))
        fields.read("requests_per_second", into: &civitai.requestsPerSecond, Value.number(in: 0.01...100))
        fields.read("timeout", into: &civitai.timeout, Value.duration(in: .milliseconds(100) ... .seconds(600)))
        return civitai
    }

    /// The mapping of a key, nil being the top.
    private func section(_ node: YAMLNode, _ name: String?) -> MappingFields {
        let keys = Self.keys[name ?? ""] ?? []
        return MappingFields(node, section: name, known: keys, file: file.description, findings: findings)
    }

    private func path(_ expected: String) -> SettingValue.Reader<FilePath> {
        { node throws(ValueProblem) in
            try expansion.path(try Value.text(expected)(node), relativeTo: file.parent)
        }
    }

    /// A file that holds a secret; it is read to see that it does, and the secret forgotten.
    private func secretFile(_ node: YAMLNode) throws(ValueProblem) -> FilePath {
        let path = try path("a file")(node)
        do throws(ConfigurationFault) {
            _ = try SecretFile.read(path, origin: origin(node), files: expansion.files)
        } catch {
            throw ValueProblem(error.message)
        }
        return path
    }

    private func directory(_ node: YAMLNode) throws(ValueProblem) -> FilePath { try path("a directory")(node) }

    private func origin(_ node: YAMLNode) -> SettingOrigin {
        SettingOrigin(source: file.description, line: node.line)
    }

    /// A tag would ask for a type, and here the key decides that.
    private func refuseTags(_ node: YAMLNode) {
        if let tag = node.tag {
            findings.fault(origin(node), "the tag \(SettingValue.quoted(tag)) has no meaning here")
        }
        for element in node.sequence ?? [] { refuseTags(element) }
        for pair in node.mapping ?? [] {
            refuseTags(pair.key)
            refuseTags(pair.value)
        }
    }
}
