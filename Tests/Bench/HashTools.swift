import Glibc
import LinuxSystem
import TestSupport

/// A program that reads or hashes files.
struct HashTool {
    let name: String
    /// The command line, to which the files are added; nil where the program is missing.
    let words: [String]?
    /// Why it is missing.
    let absence: String

    init(_ name: String, _ words: [String]?, absence: String = "not installed") {
        self.name = name
        self.words = words
        self.absence = absence
    }

    /// Runs it on the files.
    func run(_ files: [FilePath]) throws -> ProcessUsage? {
        guard let words else { return nil }
        return try MeasuredProcess.run(words + files.map(\.description), environment: Self.environment)
    }

    // MARK: - The reference tools

    static let openssl = HashTool("openssl", program("openssl").map { [$0, "dgst", "-sha256"] })
    static let sha256sum = HashTool("sha256sum", program("sha256sum").map { [$0] })
    static let b3sum = HashTool("b3sum", program("b3sum").map { [$0] })

    /// What today's managers do.
    static let python: HashTool = {
        let hash = "import hashlib, sys\nfor path in sys.argv[1:]:\n hashlib.file_digest(open(path, 'rb'), 'sha256')"
        // The program itself, since what is found first may be a script that looks for it.
        let ask = "import hashlib, sys; hashlib.file_digest; print(sys.executable)"
        guard let found = program("python3"), let directory = try? makeTemporaryDirectory() else {
            return HashTool("python3", nil)
        }
        defer { removeTree(directory) }
        let answer = directory.appending("answer")
        guard (try? MeasuredProcess.run([found, "-c", ask], environment: environment, output: answer)) != nil,
            let bytes = try? readFile(answer, limit: 4096)
        else { return HashTool("python3", nil, absence: "older than 3.11") }
        let path = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return HashTool("python3", [path, "-c", hash])
    }()

    /// Reading alone, through the page cache as kikod does, so many files at a time.
    static func plainReading(threads: Int) -> HashTool {
        let script = #"printf '%s\0' "$@" | xargs -0 -P \#(threads) -I{} dd if={} of=/dev/null bs=4M status=none"#
        return HashTool("dd", ["/bin/sh", "-c", script, "sh"])
    }

    private static var environment: [String] { Programs.environment(home: .root, ["PATH": searchPath]) }

    private static var searchPath: String {
        unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    }

    /// Where a program lies; the system's own come first.
    static func program(_ name: String) -> String? {
        for directory in ["/usr/bin", "/bin"] + searchPath.split(separator: ":").map(String.init) {
            let path = FilePath(directory).appending(name)
            if (try? FileStatus.of(path).kind) == .regular { return path.description }
        }
        return nil
    }
}
