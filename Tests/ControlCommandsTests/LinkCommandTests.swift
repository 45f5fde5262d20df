import APIClient
import IndexAPI
import LinuxSystem
import Testing

@testable import ControlCommands

/// `link`, `unlink`, `cache`, and what `show` and `status` tell of CivitAI.
@Suite struct LinkCommandTests {
    private func file(_ state: String, _ change: (inout CivitaiLink) -> Void = { _ in }) -> FileObject {
        var file = sampleFile(1, "/srv/a.pt", sha256: "aa")
        file.civitai.state = state
        change(&file.civitai)
        return file
    }

    private func linked() -> FileObject {
        file("found") { civitai in
            (civitai.source, civitai.match, civitai.role) = ("api", "SHA256", "component")
            (civitai.modelID, civitai.modelName, civitai.versionID, civitai.versionName) = (7, "Pixel Art", 10, "v1")
            (civitai.creator, civitai.pageURL) = ("anna", "https://civitai.com/models/7?modelVersionId=10")
        }
    }

    private func body(_ request: APIRequest?) -> String { String(decoding: request?.body ?? [], as: UTF8.self) }

    @Test func linkTellsWhatCameOfIt() throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/link", linked())
        let found = runCommand(["link", "1"], daemon)
        #expect(
            found.output
                == "/srv/a.pt: found (by SHA256), Pixel Art, v1, https://civitai.com/models/7?modelVersionId=10\n")
        #expect((found.code, found.errors) == (.done, ""))
        #expect(body(daemon.requests.last) == #"{"id":1,"version_id":null}"#)
        #expect(try #require(daemon.requests.last?.timeoutMilliseconds) > 60_000)
    }

    @Test func aPinSendsItsVersion() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/link", file("pending") { ($0.match, $0.versionID) = ("pinned", 5) })
        let outcome = runCommand(["link", "--version", "5", "id:1"], daemon)
        #expect((outcome.code, outcome.output) == (.done, "/srv/a.pt: pending (pinned)\n"))
        #expect(body(daemon.requests.last) == #"{"id":1,"version_id":5}"#)
    }

    @Test(arguments: ["not_found", "error", "off"])
    func whatCivitAIDoesNotKnowIsNothingFound(state: String) throws {
        let daemon = CannedDaemon()
        let answer = file(state) { $0.message = "why" }
        try daemon.answer("POST /api/v1/link", answer)
        let outcome = runCommand(["link", "1"], daemon)
        #expect((outcome.code, outcome.output) == (.nothing, ""))
        #expect(outcome.errors == "kikod-ctl: /srv/a.pt: \(state.replacing("_", with: " ")): why\n")
        let json = runCommand(["link", "1", "--json"], daemon)
        #expect(json.code == .nothing)
        #expect(json.output.hasPrefix("{"))
    }

    @Test func aRefusalIsTold() throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/link", APIFailure(.conflict, "CivitAI is off."), status: 409)
        try daemon.answer("POST /api/v1/cache", APIFailure(.unavailable, "Try at noon."), status: 503)
        let link = runCommand(["link"], daemon)
        #expect((link.code, link.errors) == (.nothing, "kikod-ctl: CivitAI is off.\n"))
        let cache = runCommand(["cache", "7"], daemon)
        #expect((cache.code, cache.errors) == (.nothing, "kikod-ctl: Try at noon.\n"))
    }

    @Test func withoutAFileEverythingIsAskedAgain() throws {
        let daemon = CannedDaemon()
        var status = CivitaiStatus()
        (status.state, status.pending, status.found) = ("fetching", 3, 5)
        try daemon.answer("POST /api/v1/link", status)
        let outcome = runCommand(["link"], daemon)
        #expect(outcome.output == "CivitAI is fetching: 5 found, 0 unknown there, 3 to ask, 0 failed.\n")
        #expect(body(daemon.requests.last) == #"{"version_id":null}"#)
    }

    @Test func unlinkAndCacheTellThatTheyHaveDoneIt() throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/unlink", file("unlinked"))
        let unlink = runCommand(["unlink", "1"], daemon)
        #expect((unlink.code, unlink.output) == (.done, "/srv/a.pt: unlinked\n"))
        #expect(body(daemon.requests.last) == #"{"id":1}"#)
        try daemon.answer("POST /api/v1/cache", CacheAnswer(modelID: 7, versions: 2))
        let cache = runCommand(["cache", "7"], daemon)
        #expect((cache.code, cache.output) == (.done, "Model 7 is known, with 2 versions.\n"))
        #expect(body(daemon.requests.last) == #"{"model_id":7}"#)
        #expect(runCommand(["cache", "7", "--json"], daemon).output == "{\"model_id\":7,\"versions\":2}\n")
    }

    @Test func showTellsTheLink() throws {
        let daemon = CannedDaemon()
        var file = linked()
        file.civitai.message = "gone there"
        file.civitai.checkedAt = "2025-01-01T10:00:00.000Z"
        file.civitai.nextCheckAt = "2025-01-02T10:00:00.000Z"
        try daemon.answer("GET /api/v1/files/1", file)
        let lines = runCommand(["show", "1"], daemon).output.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.hasPrefix("CivitAI") })
        #expect(
            lines[start...] == [
                "CivitAI     found (by SHA256): gone there",
                "Role        a component of the version, not what that is about",
                "Model       Pixel Art (7)",
                "Version     v1 (10)",
                "Creator     anna",
                "Page        https://civitai.com/models/7?modelVersionId=10",
                "Answered    " + localTimeText("2025-01-01T10:00:00.000Z"),
                "Next check  " + localTimeText("2025-01-02T10:00:00.000Z"),
            ])
    }

    @Test func theStatusIsALine() {
        var status = CivitaiStatus()
        #expect(civitaiText(status, now: testNow) == "off")
        (status.found, status.message) = (2, "switched off")
        #expect(civitaiText(status, now: testNow) == "off: 2 found, 0 unknown there; switched off")
        (status.state, status.pending, status.notFound, status.error) = ("backing_off", 4, 3, 1)
        (status.key, status.retryAt) = ("invalid", "2025-01-01T12:05:00.000Z")
        status.message = "it asked to wait"
        let time = localTimeText("2025-01-01T12:05:00.000Z").dropFirst(11).dropLast(3)
        #expect(
            civitaiText(status, now: testNow)
                == "backing off: 2 found, 3 unknown there, 4 to ask, 1 failed; the API key is not valid; "
                + "next try \(time); it asked to wait")
    }
}
