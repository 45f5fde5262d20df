import LinuxSystem
import TestSupport

/// The directories in which the torture happens, and what lies in them at the moment.
///
/// Everything is listed in bytewise order, so that the same seed finds the same files.
struct Playground {
    let directory: FilePath

    /// The roots; the second one leaves the configuration now and then.
    var roots: [FilePath] { [directory.appending("first"), directory.appending("second")] }
    /// Outside of all roots, on the same file system; nothing leads here.
    var attic: FilePath { directory.appending("attic") }
    /// Directories outside of all roots to which links lead; flat, and with no other way to them.
    var linkTargets: [FilePath] { (1...3).map { directory.appending("linked-\($0)") } }
    /// Directories outside of all roots that are bind-mounted into them.
    var bindSources: [FilePath] { (1...2).map { directory.appending("bound-\($0)") } }
    var dataDirectory: FilePath { directory.appending("data") }
    var configuration: FilePath { directory.appending("kikod.yaml") }
    var socket: FilePath { dataDirectory.appending("kikod.sock") }

    /// Makes the directories.
    func prepare() throws {
        for path in roots + linkTargets + bindSources + [attic, directory.appending("home")] {
            try makeDirectory(path)
        }
    }

    /// Writes kikod's configuration.
    func configure(roots: [FilePath]) throws {
        let lines = roots.map { "\n  - \"\($0)\"" }.joined()
        try writeFile(
            configuration,
            "roots: \(lines)\ndata_dir: \"\(dataDirectory)\"\ncivitai: {enabled: false}\nwatch: {settle: 100ms}\n")
    }

    // MARK: - What lies here

    /// What a listing of trees finds, without following links.
    struct Contents {
        /// Directories, the given ones first.
        var directories: [FilePath] = []
        var files: [FilePath] = []
        var links: [FilePath] = []
    }

    /// Everything at and below these directories, parents before what they hold.
    func contents(of directories: [FilePath]) -> Contents {
        var contents = Contents(directories: directories)
        for directory in directories { list(directory, &contents) }
        return contents
    }

    private func list(_ directory: FilePath, _ contents: inout Contents) {
        for name in (try? directoryNames(directory)) ?? [] {
            let path = directory.appending(name)
            switch try? FileStatus.of(path, followLinks: false).kind {
            case .directory:
                contents.directories.append(path)
                list(path, &contents)
            case .regular: contents.files.append(path)
            case .link: contents.links.append(path)
            default: break
            }
        }
    }

    /// Mount points within the roots, in bytewise order; a point on which several are mounted stands several times.
    var mountPoints: [FilePath] {
        PathResolver(.current()).visible.map(\.point).filter { point in
            point.isUTF8 && roots.contains { point.isWithin($0) }
        }.sorted()
    }
}
