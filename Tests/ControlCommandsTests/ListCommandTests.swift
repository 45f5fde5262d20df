import APIClient
import IndexAPI
import Testing

@testable import ControlCommands

@Suite struct ListCommandTests {
    private func daemon(_ target: String, _ files: [FileObject], total: Int? = nil) throws -> CannedDaemon {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/\(target)", FilesAnswer(files: files, total: total ?? files.count))
        return daemon
    }

    @Test func filesAreListedInAlignedColumns() throws {
        var other = sampleFile(12, "/srv/models/b.gguf", state: "pending")
        other.type = nil
        other.baseModel = "Flux.1 D"
        other.size = 12
        let outcome = runCommand(
            ["list"], try daemon("files", [sampleFile(1, "/srv/models/loras/a.safetensors"), other]))
        #expect(
            outcome.output == """
                ID  TYPE  BASE MODEL       SIZE  STATE    PATH
                 1  lora  -           144.2 MiB  indexed  /srv/models/loras/a.safetensors
                12  -     Flux.1 D         12 B  pending  /srv/models/b.gguf

                """)
        #expect(outcome.errors == "")
        #expect(outcome.code == .done)
    }

    @Test func aNarrowTerminalCutsPathsInTheMiddle() throws {
        let files = [sampleFile(1, "/srv/models/loras/a-very-long-name.safetensors")]
        let outcome = runCommand(["list"], try daemon("files", files), width: 60)
        #expect(
            outcome.output == """
                ID  TYPE  BASE MODEL       SIZE  STATE    PATH
                 1  lora  -           144.2 MiB  indexed  /srv/mod…fetensors

                """)
    }

    @Test func everyFilterBecomesAParameter() throws {
        let target =
            "files?type=lora&base=Flux.1%20D&folder=a%26b&state=error%2Cmissing&civitai=found&name=x%2By"
            + "&limit=5&offset=2"
        let daemon = try daemon(target, [])
        let outcome = runCommand(
            [
                "list", "--type", "lora", "--base", "Flux.1 D", "--folder", "a&b", "--state", "error,missing",
                "--civitai", "found", "--name", "x+y", "--limit", "5", "--offset", "2",
            ], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.output == "")
        #expect(outcome.errors == "kikod-ctl: No file fits.\n")
        #expect(daemon.targets == ["GET " + target])
    }

    @Test func everyParameterIsOneThatTheDaemonTakes() throws {
        var filter = FileFilter()
        (filter.type, filter.base, filter.folder, filter.state) = ("lora", "b", "f", "present")
        (filter.civitai, filter.name, filter.path, filter.pathBase64) = ("off", "n", "/p", "L/8=")
        (filter.limit, filter.offset) = (1, 2)
        let daemon = CannedDaemon()
        daemon.failure = .cancelled
        try APIClient(transport: daemon).filesBody(filter) { _ in true }
        let query = try #require(daemon.requests.first?.target.split(separator: "?").last)
        let pairs = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            return (
                name: String(parts[0]), value: String(parts[1]).replacing("%2F", with: "/").replacing("%3D", with: "=")
            )
        }
        #expect(pairs.count == 10)
        #expect(APIRoute.route(.files).problem(withQuery: pairs) == nil)
    }

    @Test func aLimitTellsWhatItLeftOut() throws {
        let outcome = runCommand(
            ["list", "-n1"], try daemon("files?limit=1", [sampleFile(1, "/srv/models/a.pt")], total: 3))
        #expect(outcome.errors == "1 of 3 files.\n")
    }

    @Test func jsonIsTheBodyAsItCame() {
        let daemon = CannedDaemon()
        let body = #"{"files":[  {"from":"the future"} ],"total":1}"#
        daemon.answers["GET /api/v1/files"] = [(200, body)]
        let outcome = runCommand(["--json", "list"], daemon)
        #expect(outcome.output == body + "\n")
        #expect(outcome.code == .done)
    }

    @Test func aFilterThatNothingFitsIsNothingFoundAndAnEmptyIndexIsNot() throws {
        let daemon = CannedDaemon()
        for target in ["files", "files?type=lora", "files?state=missing", "errors"] {
            try daemon.answer("GET /api/v1/\(target)", FilesAnswer(files: [], total: 0))
        }
        let body = "{\"files\":[],\"total\":0}\n"
        let filtered = runCommand(["list", "--type", "lora", "--json"], daemon)
        #expect((filtered.code, filtered.output) == (.nothing, body))
        #expect(filtered.errors == "kikod-ctl: No file fits.\n")
        for command in ["list", "missing", "errors"] {
            #expect(runCommand([command], daemon).code == .done)
            let json = runCommand([command, "--json"], daemon)
            #expect((json.code, json.output, json.errors) == (.done, body, ""))
        }
    }

    @Test func aFilterWhoseFilesTheLimitLeavesOutHasFoundThem() throws {
        let daemon = try daemon("files?type=lora&limit=0", [], total: 3)
        for arguments in [["list", "--type", "lora", "-n0"], ["list", "--type", "lora", "-n0", "--json"]] {
            #expect(runCommand(arguments, daemon).code == .done)
        }
    }

    @Test func missingListsMissingFiles() throws {
        let daemon = try daemon("files?state=missing", [sampleFile(3, "/srv/models/gone.pt", state: "missing")])
        let outcome = runCommand(["missing"], daemon)
        #expect(outcome.output.contains("missing  /srv/models/gone.pt\n"))
    }

    @Test func namesCannotSpeakToTheTerminal() throws {
        let path = "/srv/models/\u{1B}]0;owned\u{07}\n\u{202E}x\u{9B}31m.pt"
        let outcome = runCommand(["list"], try daemon("files", [sampleFile(1, path)]))
        #expect(outcome.output.hasSuffix("/srv/models/\\x1b]0;owned\\x07\\n\\u{202e}x\\u{9b}31m.pt\n"))
        #expect(outcome.output.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }

    @Test func aBrokenElementIsToldAndNotTrusted() {
        let daemon = CannedDaemon()
        daemon.answers["GET /api/v1/files"] = [(200, #"{"files":[{"id":"x"}],"total":1}"#)]
        let outcome = runCommand(["list"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.errors.contains("was not understood"))
    }

    @Test func errorsAreListedWithTheirReason() throws {
        let daemon = CannedDaemon()
        var broken = sampleFile(1, "/srv/models/a.pt", state: "error")
        broken.error = "/srv/models/a.pt: Input/output error (read)"
        var dangerous = sampleFile(2, "/srv/models/b.pt")
        dangerous.format = "pickle"
        try daemon.answer("GET /api/v1/errors", FilesAnswer(files: [broken, dangerous], total: 2))
        dangerous.pickle = PickleReport(imports: ["os.system"], dangerous: ["os.system"])
        try daemon.answer("GET /api/v1/files/2", dangerous)
        let outcome = runCommand(["errors"], daemon)
        #expect(
            outcome.output == """
                /srv/models/a.pt: Input/output error (read)
                /srv/models/b.pt: Dangerous to load: its pickle imports os.system.

                """)
    }
}
