import IndexAPI
import Testing

@testable import ControlCommands

@Suite struct DuplicatesCommandTests {
    private typealias Member = DuplicateGroup.Member

    private let answer = DuplicatesAnswer(
        groups: [
            DuplicateGroup(
                sha256: String(repeating: "a", count: 64), size: 144 << 20, wastedBytes: 288 << 20,
                files: [
                    Member(path: "/m/a-link.pt", device: 1, inode: 10, symlink: true),
                    Member(path: "/m/a.pt", device: 1, inode: 10, symlink: false),
                    Member(path: "/m/b.pt", device: 2, inode: 10, symlink: false),
                    Member(path: "/m/c.pt", device: 1, inode: 10, symlink: false),
                    Member(path: "/m/d.pt", device: 1, inode: 11, symlink: true),
                ]),
            DuplicateGroup(
                sha256: String(repeating: "b", count: 64), size: 12, wastedBytes: 0,
                files: [
                    Member(path: "/m/e.pt", device: 1, inode: 12, symlink: false),
                    Member(path: "/m/f.pt", device: 1, inode: 12, symlink: false),
                ]),
        ], wastedBytes: 288 << 20,
        sameWeights: [SameWeights(autoV3: "ec26e22c9cea", files: ["/m/x.safetensors", "/m/y.safetensors"])])

    private func daemon(_ answer: DuplicatesAnswer) throws -> CannedDaemon {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/duplicates", answer)
        return daemon
    }

    @Test func copiesAreToldFromLinks() throws {
        let outcome = runCommand(["duplicates"], try daemon(answer))
        #expect(
            outcome.output == """
                     SIZE     WASTED  PATH          IS
                144.0 MiB  288.0 MiB  /m/a-link.pt  symlink to /m/a.pt
                                      /m/a.pt       file
                                      /m/b.pt       copy
                                      /m/c.pt       hard link of /m/a.pt
                                      /m/d.pt       symlink to a file that is not listed
                     12 B        0 B  /m/e.pt       file
                                      /m/f.pt       hard link of /m/e.pt

                The same weights behind different headers:
                AUTOV3        PATH
                EC26E22C9CEA  /m/x.safetensors
                              /m/y.safetensors

                288.0 MiB could be freed.

                """)
        #expect(outcome.errors == "")
        #expect(outcome.code == .done)
    }

    @Test func jsonIsTheBodyAsItCame() throws {
        let daemon = CannedDaemon()
        let body = #"{"groups": [],"same_weights":[],"wasted_bytes":0,"new":1}"#
        daemon.answers["GET /api/v1/duplicates"] = [(200, body)]
        let outcome = runCommand(["--json", "duplicates"], daemon)
        #expect((outcome.code, outcome.output, outcome.errors) == (.done, body + "\n", ""))
    }

    @Test func nothingTwiceIsAnAnswer() throws {
        let outcome = runCommand(
            ["duplicates"], try daemon(DuplicatesAnswer(groups: [], wastedBytes: 0, sameWeights: [])))
        #expect((outcome.code, outcome.output) == (.done, ""))
        #expect(outcome.errors == "Nothing is there twice.\n")
    }

    @Test func onlyOtherHeadersAreNothingToFree() throws {
        var answer = answer
        (answer.groups, answer.wastedBytes) = ([], 0)
        let outcome = runCommand(["duplicates"], try daemon(answer))
        #expect(outcome.output.hasPrefix("The same weights behind different headers:\n"))
        #expect(outcome.output.hasSuffix("\n\nNothing could be freed.\n"))
    }

    @Test func namesCannotSpeakToTheTerminal() throws {
        var answer = answer
        answer.groups[0].files[1].path = "/m/\u{1B}[2J.pt"
        answer.sameWeights[0].files[0] = "/m/\u{1B}[2J.safetensors"
        let outcome = runCommand(["duplicates"], try daemon(answer))
        #expect(!outcome.output.unicodeScalars.contains("\u{1B}"))
        #expect(outcome.output.contains("symlink to /m/\\x1b[2J.pt"))
    }
}
