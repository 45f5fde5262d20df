internal import LinuxSystem

/// A root as one place names it; nil is what that place does not say.
struct RootRequest {
    var path: FilePath
    var type: ModelType?
    var watch: WatchMode?
    var civitai: Bool?
    var origin: SettingOrigin
}

/// Brings the roots of all places together, each directory once.
///
/// A directory may be named again; what one place leaves open, another may say. Two places that say different
/// things are a fault.
struct RootCollector {
    private var requests: [RootRequest] = []
    private var positions: [FilePath: Int] = [:]

    mutating func add(_ new: RootRequest, _ findings: Findings) {
        guard let position = positions[new.path] else {
            positions[new.path] = requests.count
            requests.append(new)
            return
        }
        let old = requests[position]
        func merge<Value: Equatable>(_ what: String, _ old: Value?, _ new: Value?, shown: (Value) -> String) -> Value? {
            if let oldValue = old, let newValue = new, oldValue != newValue {
                let values = "\(shown(newValue)) here, \(shown(oldValue)) at \(requests[position].origin)"
                findings.fault(origin, "\(path) is named twice with different \(what): \(values)")
            }
            return old ?? new
        }
        let (path, origin) = (new.path, new.origin)
        requests[position].type = merge("types", old.type, new.type) { $0.rawValue }
        requests[position].watch = merge("watch modes", old.watch, new.watch) { $0.rawValue }
        requests[position].civitai = merge("civitai settings", old.civitai, new.civitai) { String($0) }
        // What decides is what messages should lead to.
        if old.type == nil, new.type != nil { requests[position].origin = new.origin }
    }

    var settings: [RootSetting] {
        requests.map {
            RootSetting(
                path: $0.path, type: $0.type, watch: $0.watch ?? .auto, civitai: $0.civitai ?? true, origin: $0.origin)
        }
    }
}
