import APIClient
import CommandLineParsing
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import ControlCommands

@Suite struct CompletionCommandTests {
    @Test(arguments: Shell.allCases)
    func theScriptIsPrinted(_ shell: Shell) {
        let outcome = runCommand(["completion", shell.rawValue], CannedDaemon())
        #expect(outcome.code == .done)
        #expect(outcome.output == ControlProgram.specification.completion(for: shell))
        #expect(outcome.output.contains("completion-words base-models"))
    }

    /// A shell that is not installed cannot be asked.
    @Test(arguments: Shell.allCases.filter { $0.path != nil })
    func theShellUnderstandsTheScript(_ shell: Shell) async throws {
        try await withTemporaryDirectory { directory in
            let script = directory.appending("script")
            try writeFile(script, ControlProgram.specification.completion(for: shell))
            let check = shell == .fish ? "--no-config --no-execute" : "-n"
            let path = try #require(shell.path)
            #expect(unsafe system("HOME='\(directory)' \(path) \(check) '\(script)'") == 0)
        }
    }

    @Test func baseModelsComeFromTheDaemon() throws {
        let daemon = CannedDaemon()
        var stats = StatsAnswer()
        stats.byBaseModel = ["SDXL 1.0": 2, "Pony": 1, "unknown": 3]
        try daemon.answer("GET /api/v1/stats", stats)
        let line = ["--", "kikod-ctl", "list", "--base"]
        #expect(runCommand(["completion-words", "base-models"] + line, daemon).output == "Pony\nSDXL 1.0\n")
        #expect(try #require(daemon.requests.first?.timeoutMilliseconds) <= 1000)
    }

    @Test func foldersAndModelsComeFromTheFiles() throws {
        let daemon = CannedDaemon()
        var first = sampleFile(1, "/srv/models/loras/a.pt"), second = sampleFile(2, "/srv/models/b.pt")
        first.civitai.modelID = 4384
        first.civitai.modelName = "Dream"
        second.folder = ""
        for target in ["files", "files?civitai=found"] {
            try daemon.answer("GET /api/v1/\(target)", FilesAnswer(files: [first, first, second], total: 3))
        }
        #expect(runCommand(["completion-words", "folders"], daemon).output == "loras\n")
        #expect(runCommand(["completion-words", "models"], daemon).output == "4384\tDream\n")
    }

    @Test func whoCannotAnswerSaysNothing() {
        let daemon = CannedDaemon()
        daemon.failure = .unreachable(tried: [])
        for kind in ["base-models", "folders", "models"] {
            let outcome = runCommand(["completion-words", kind], daemon)
            #expect((outcome.code, outcome.output, outcome.errors) == (.done, "", ""))
        }
    }

    @Test func helpDoesNotTellOfWhatOnlyScriptsCall() {
        #expect(!runCommand(["--help"], CannedDaemon()).output.contains("completion-words"))
    }
}

extension Shell {
    /// Where it is installed.
    fileprivate var path: String? {
        ["/bin/", "/usr/bin/", "/usr/local/bin/"].map { $0 + rawValue }.first {
            (try? FileStatus.of(FilePath($0))) != nil
        }
    }
}
