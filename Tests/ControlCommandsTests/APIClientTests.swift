import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIClient

@Suite struct APIClientTests {
    @Test func aGivenSocketIsTriedAlone() {
        let environment = ["KIKOD_SOCKET": "/k", "HOME": "/h"]
        #expect(SocketSearch.candidates(given: "/s", environment: environment) == ["/s"])
    }

    @Test func theUsualPlacesAreTriedInOrder() {
        let environment = ["KIKOD_SOCKET": "/k", "XDG_RUNTIME_DIR": "/r", "HOME": "/h"]
        #expect(
            SocketSearch.candidates(given: nil, environment: environment) == [
                "/k", "/r/kikod/kikod.sock", "/run/kikod/kikod.sock", "/h/.local/share/kikod/kikod.sock",
                "/var/lib/kikod/kikod.sock",
            ])
        #expect(
            SocketSearch.candidates(
                given: nil, environment: ["XDG_DATA_HOME": "/d", "HOME": "/h", "XDG_RUNTIME_DIR": "relative"])
                == ["/run/kikod/kikod.sock", "/d/kikod/kikod.sock", "/var/lib/kikod/kikod.sock"])
    }

    @Test func everySocketThatWasTriedIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let missing = directory.appending("none").bytes
            let file = directory.appending("file")
            try writeFile(file, "")
            let error = #expect(throws: APIClientError.self) {
                try APIClient(sockets: [missing, file.bytes]).roots()
            }
            guard case .unreachable(let tried) = error else {
                Issue.record("unreachable is expected")
                return
            }
            #expect(tried.map(\.socket) == [missing, file.bytes])
            #expect(tried.map(\.errno) == [2, 111])
        }
    }

    @Test(arguments: [1, 2, 3, 1000])
    func aListIsCutIntoItsElementsWhereverThePiecesEnd(size: Int) {
        let text = #"{"a":{"x":[1,{"y":2}]},"files":[{"s":"}]\"{"}, {"n":{"m":[{}]}},{"\\":"\\"}],"total":3}"#
        var splitter = ListSplitter()
        var elements: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let goesOn = splitter.take(Array(rest.prefix(size))) { element in
                elements.append(String(decoding: element, as: UTF8.self))
                return true
            }
            #expect(goesOn)
            rest = rest.dropFirst(size)
        }
        #expect(elements == [#"{"s":"}]\"{"}"#, #"{"n":{"m":[{}]}}"#, #"{"\\":"\\"}"#])
        #expect(
            String(decoding: splitter.envelope, as: UTF8.self)
                == #"{"a":{"x":[1,{"y":2}]},"files":[ ],"total":3}"#)
    }

    @Test func anAnswerWithoutEndIsNotKept() {
        var splitter = ListSplitter()
        let spaces = [UInt8](repeating: 0x20, count: ListSplitter.envelopeLimit)
        #expect(splitter.take(spaces) { _ in true })
        #expect(!splitter.take([0x20]) { _ in true })
        #expect(splitter.isTooLong)
    }

    @Test func everyFileOfAListArrives() throws {
        let daemon = CannedDaemon()
        let files = (1...50).map { sampleFile(Int64($0), "/srv/models/\($0).pt") }
        try daemon.answer("GET /api/v1/files", FilesAnswer(files: files, total: 60))
        var received: [FileObject] = []
        let total = try APIClient(transport: daemon).eachFile(FileFilter()) {
            received.append($0)
            return true
        }
        #expect(received == files)
        #expect(total == 60)
    }

    @Test func aRefusalCarriesTheDaemonsSentence() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/lookup?hash=12345678", APIFailure(.notFound, "No file has it."), status: 404)
        #expect(throws: APIClientError.refused(status: 404, code: "not_found", message: "No file has it.")) {
            try APIClient(transport: daemon).lookup("12345678")
        }
    }

    @Test(arguments: [5, 9])
    func theLengthOfABodyIsToldAndAShorterOneIsNoAnswer(promised: Int) async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory.appending("s")
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(promised)\r\n\r\nhello"
            let server = try TinyServer(socket: socket, answering: { _ in .last(Array(answer.utf8)) })
            var received: [UInt8] = []
            var length: Int64?
            var failure: APIClientError?
            do throws(APIClientError) {
                try APIClient(sockets: [socket.bytes]).backup { promised, bytes in
                    length = promised
                    received += bytes
                    return true
                }
            } catch { failure = error }
            #expect(length == Int64(promised))
            #expect(received == Array("hello".utf8))
            #expect((failure == nil) == (promised == 5))
            #expect(server.requests.count == 1)
        }
    }
}
