package import LinuxSystem

/// Looks for known programs in their usual places, for the message of a start without any root.
///
/// It only proposes: what to index is the user's decision.
package enum RootDiscovery {
    /// A program that keeps models.
    package enum Program: String, Sendable, CaseIterable {
        case comfyUI = "ComfyUI"
        case forge = "Forge"
        case automatic1111 = "A1111"
        case stabilityMatrix = "StabilityMatrix"
    }

    /// A library that was found.
    package struct Library: Sendable, Hashable {
        /// Whose it is.
        package let program: Program
        /// The program's directory, for StabilityMatrix that of its models.
        package let directory: FilePath
        /// The directories that hold models.
        package let roots: [FilePath]

        /// The command that indexes it, to be pasted into a shell.
        package var command: String {
            "kikod" + roots.map { " --root " + RootDiscovery.shellQuoted($0.description) }.joined()
        }

        /// The lines for `kikod.yaml` that index it.
        package var configuration: String {
            if program == .comfyUI { return "comfyui: [\(RootDiscovery.yamlQuoted(directory.description))]" }
            return "roots: [\(roots.map { RootDiscovery.yamlQuoted($0.description) }.joined(separator: ", "))]"
        }
    }

    /// The libraries that are there, each directory once; at most one question for each usual place.
    package static func find(home: FilePath?, isDirectory: (FilePath) -> Bool) -> [Library] {
        var libraries: [Library] = []
        for base in bases(home: home) {
            for (program, name) in names {
                let directory = base.appending(name)
                let models = program == .stabilityMatrix ? directory : directory.appending("models")
                guard isDirectory(models) else { continue }
                var roots = [models]
                // A1111 and its children keep embeddings beside `models`.
                let embeddings = directory.appending("embeddings")
                if program == .forge || program == .automatic1111, isDirectory(embeddings) { roots.append(embeddings) }
                libraries.append(Library(program: program, directory: directory, roots: roots))
            }
        }
        return libraries
    }

    private static func bases(home: FilePath?) -> [FilePath] {
        var bases = ["/opt", "/srv", "/workspace", "/mnt", "/data", "/"].map { FilePath($0) }
        if let home {
            let below = ["Documents", "AI", "ai", "comfy", "src", "git", "Applications", ".local/share"]
            bases = [home.normalized] + below.map { home.normalized.appending($0) } + bases
        }
        var seen: Set<FilePath> = []
        return bases.filter { seen.insert($0).inserted }
    }

    private static let names: [(Program, String)] = [
        (.comfyUI, "ComfyUI"), (.comfyUI, "comfyui"), (.forge, "stable-diffusion-webui-forge"),
        (.automatic1111, "stable-diffusion-webui"), (.stabilityMatrix, "StabilityMatrix/Models"),
        (.stabilityMatrix, "StabilityMatrix/Data/Models"),
    ]

    /// The text as one word for a POSIX shell.
    private static func shellQuoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "/._-+".utf8.contains($0)
        }
        return plain ? text : "'\(text.replacing("'", with: "'\\''"))'"
    }

    /// The text as one scalar of a YAML list in brackets.
    private static func yamlQuoted(_ text: String) -> String {
        shellQuoted(text) == text ? text : "'\(text.replacing("'", with: "''"))'"
    }
}
