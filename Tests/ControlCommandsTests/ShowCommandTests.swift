import APIClient
import CommandLineParsing
import FoundationEssentials
import IndexAPI
import LinuxSystem
import Testing

@testable import ControlCommands

@Suite struct ShowCommandTests {
    private let digest = String(repeating: "3a", count: 32)

    private func context(existing: Set<String>) -> CommandContext {
        CommandContext(
            output: MemorySink(), errors: MemorySink(), width: nil, progressWidth: nil, environment: [:],
            workingDirectory: FilePath("/current"), clock: { 0 }, exists: { existing.contains($0.description) },
            sleep: { _ in }, makeClient: { APIClient(sockets: $0) })
    }

    @Test(arguments: [
        ("/srv/a.pt", FileReference.path(FilePath("/srv/a.pt"))),
        ("./a.pt", .path(FilePath("/current/a.pt"))),
        ("loras/../a.pt", .path(FilePath("/current/a.pt"))),
        ("12", .path(FilePath("/current/12"))),
        ("13", .id(13)),
        ("1234567", .id(1_234_567)),
        ("12345678", .hash("12345678", .any)),
        ("DEADBEEF", .hash("deadbeef", .any)),
        ("DEADBEE", .name("DEADBEE")),
        ("deadbeefx", .name("deadbeefx")),
        ("id:12345678", .id(12_345_678)),
        ("sha256:DEADBEEF", .hash("deadbeef", .sha256)),
        ("blake3:deadbeef", .hash("deadbeef", .blake3)),
        ("a.pt", .name("a.pt")),
        ("there.pt", .path(FilePath("/current/there.pt"))),
    ])
    func whatIsReadAsTheManualSays(_ text: String, _ expected: FileReference) throws {
        let context = context(existing: ["/current/12", "/current/there.pt"])
        #expect(try FileReference(text, context: context, command: "c") == expected)
    }

    @Test(arguments: ["", "id:", "id:x", "id:-1", "id:0", "sha256:123", "blake3:xyzxyzxyz"])
    func whatIsNothingIsAUsageError(_ text: String) {
        #expect(throws: UsageError.self) {
            try FileReference(text, context: context(existing: []), command: "c")
        }
    }

    @Test func aPathThatIsNotTextIsSentAsBytes() throws {
        let daemon = CannedDaemon()
        let base64 = Data(Array("/current/".utf8) + [0xFF]).base64EncodedString().replacing("/", with: "%2F")
            .replacing("=", with: "%3D")
        let file = sampleFile(1, "/current/\\xff")
        try daemon.answer("GET /api/v1/files?path_base64=\(base64)", FilesAnswer(files: [file], total: 1))
        try daemon.answer("GET /api/v1/files/1", file)
        let outcome = runCommand(["show", "./\\xff"], daemon)
        #expect(outcome.code == .done)
        #expect(outcome.output.contains("/current/\\xff"))
    }

    @Test func theFileIsDescribed() throws {
        let daemon = CannedDaemon()
        var file = sampleFile(1, "/srv/models/loras/a.safetensors", sha256: digest)
        file.typeSource = "content"
        file.hashes.autoV2 = "3A3A3A3A3A"
        file.trainedWords = ["one", "two"]
        file.copies = ["/srv/models/b.safetensors"]
        file.metadata = ["ss_output_name": "a\nb"]
        try daemon.answer("GET /api/v1/files/1", file)
        let outcome = runCommand(["show", "1"], daemon)
        #expect(
            outcome.output == """
                Path              /srv/models/loras/a.safetensors
                Id                1
                Root              /srv/models
                State             indexed
                Type              lora (by content)
                Size              144.2 MiB (151234567 B)
                Modified          2025-01-01T09:00:00.000Z (3 h ago)
                SHA256            \(digest)
                AutoV2            3A3A3A3A3A
                Trained words     one, two
                Copy              /srv/models/b.safetensors
                CivitAI           off
                  ss_output_name  a\\nb

                """)
    }

    @Test func aNameWithOneContentShowsThePresentCopy() throws {
        let daemon = CannedDaemon()
        let gone = sampleFile(1, "/srv/models/a.pt", sha256: digest, state: "missing")
        let there = sampleFile(2, "/srv/models/x/a.pt", sha256: digest)
        try daemon.answer("GET /api/v1/files?name=a.pt", FilesAnswer(files: [gone, there], total: 2))
        try daemon.answer("GET /api/v1/files/2", there)
        let outcome = runCommand(["show", "a.pt", "--json"], daemon)
        #expect(outcome.code == .done)
        let json = String(decoding: try WireJSON.encode(there), as: UTF8.self)
        #expect(outcome.output == json + "\n")
    }

    @Test func aNameWithSeveralContentsNamesThem() throws {
        let daemon = CannedDaemon()
        let files = [sampleFile(1, "/srv/models/a.pt", sha256: digest), sampleFile(2, "/srv/models/x/a.pt")]
        try daemon.answer("GET /api/v1/files?name=a.pt", FilesAnswer(files: files, total: 2))
        let outcome = runCommand(["show", "a.pt"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.output == "")
        #expect(
            outcome.errors == """
                kikod-ctl: a.pt stands for several contents:
                ID  TYPE  BASE MODEL       SIZE  STATE    PATH
                 1  lora  -           144.2 MiB  indexed  /srv/models/a.pt
                 2  lora  -           144.2 MiB  indexed  /srv/models/x/a.pt

                """)
    }

    @Test func aForcedHashLooksAtThatHashOnly() throws {
        let daemon = CannedDaemon()
        var other = sampleFile(2, "/srv/models/b.pt", sha256: String(repeating: "0", count: 64))
        other.hashes.blake3 = digest.uppercased()
        let file = sampleFile(1, "/srv/models/a.pt", sha256: digest)
        let result = LookupResult(hash: digest, matched: ["SHA256", "BLAKE3"], files: [file, other])
        try daemon.answer("POST /api/v1/lookup", LookupResults(results: [result]))
        try daemon.answer("GET /api/v1/files/1", file)
        try daemon.answer("GET /api/v1/files/2", other)
        #expect(runCommand(["show", "sha256:\(digest)"], daemon).output.contains("/srv/models/a.pt"))
        #expect(runCommand(["show", "blake3:\(digest)"], daemon).output.contains("/srv/models/b.pt"))
        #expect(runCommand(["show", digest], daemon).code == .nothing)
    }

    @Test func nothingFoundIsTold() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/files?path=%2Fcurrent%2Fa.pt", FilesAnswer(files: [], total: 0))
        let outcome = runCommand(["show", "./a.pt"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.errors == "kikod-ctl: /current/a.pt: nothing in the index has it.\n")
        try daemon.answer("GET /api/v1/files/9", APIFailure(.notFound, "There is no file 9."), status: 404)
        let refused = runCommand(["show", "9"], daemon)
        #expect(refused.code == .nothing)
        #expect(refused.errors == "kikod-ctl: There is no file 9.\n")
    }
}
