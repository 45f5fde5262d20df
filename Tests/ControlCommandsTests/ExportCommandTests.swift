import APIClient
import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import ControlCommands

@Suite struct ExportCommandTests {
    private static let request = "GET /api/v1/files?details=true"

    /// A file of which all is known that there is to know.
    private static func completeFile() -> FileObject {
        var file = sampleFile(7, "/srv/models/loras/a, \"b\"\r\n\u{1F600}.safetensors", sha256: "ab")
        file.pathBase64 = "L/8="
        (file.typeSource, file.baseModel, file.baseModelSource) = ("content", "SDXL 1.0", "civitai")
        (file.baseModelType, file.format, file.error) = ("Standard", "safetensors", "")
        file.hashes.sha256 = "AB"
        (file.hashes.autoV1, file.hashes.autoV2, file.hashes.autoV3) = ("1", "2", "3")
        (file.hashes.crc32, file.hashes.blake3) = ("4", "5")
        var header = FileHeader()
        (header.size, header.tensorCount, header.parameterCount) = (71, 1, .max)
        (header.dtypes, header.components) = (["F16": 1], [])
        (header.architecture, header.quantization, header.prediction) = ("a", "Q4", "flow")
        file.header = header
        file.part = FilePart(index: 1, count: 3, complete: false)
        file.metadata = ["k,": "\"v\"\n\t\u{0}", "": " "]
        file.topTags = [TagCount(tag: "one", count: 3)]
        file.pickle = PickleReport(imports: ["os.system"], dangerous: [])
        (file.trainedWords, file.trainedWordsSource) = (["a, b", "c"], "user")
        file.trainedOn = TrainedOn(sha256: "cd", name: " padded ", path: "/x")
        (file.user.description, file.user.notes, file.user.activationText) = ("d", "=1+1", ",")
        (file.user.negativeText, file.user.preferredWeight) = ("n", 0.1)
        file.preview = PreviewReference(source: "beside", path: "/p", url: "/u", nsfwLevel: 1, type: "image")
        (file.hardLinks, file.symlink, file.copies) = (2, true, ["/a", "/b"])
        (file.civitai.state, file.civitai.source, file.civitai.match) = ("found", "api", "SHA256")
        (file.civitai.role, file.civitai.modelID, file.civitai.versionID) = ("model", 1, 2)
        (file.civitai.modelName, file.civitai.versionName, file.civitai.modelType) = ("N", "V", "LORA")
        (file.civitai.baseModel, file.civitai.trainedWords, file.civitai.creator) = ("SDXL 1.0", [], "c")
        (file.civitai.nsfwLevel, file.civitai.pageURL, file.civitai.message) = (63, "https://x", "m")
        (file.civitai.checkedAt, file.civitai.nextCheckAt) = ("2025-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z")
        return file
    }

    private static let files = [completeFile(), sampleFile(8, "/srv/models/b.pt", state: "missing")]

    private func daemon(_ files: [FileObject] = files, total: Int? = nil) throws -> CannedDaemon {
        let daemon = CannedDaemon()
        try daemon.answer(Self.request, FilesAnswer(files: files, total: total ?? files.count))
        return daemon
    }

    @Test func everyFileCanBeMadeFromItsRecordAgain() throws {
        let outcome = runCommand(["export", "--format", "csv"], try daemon())
        #expect(outcome.code == .done)
        let records = try csvRecords(outcome.output)
        let names = try #require(records.first).compactMap(\.self)
        #expect(names.count == FileColumn.all.count)
        #expect(Set(names).count == names.count)
        let read = try records.dropFirst().map { try file(names, $0) }
        #expect(read == Self.files)
    }

    /// Keys of the wire type that no column has would be lost.
    @Test func everyKeyHasItsColumn() throws {
        let names = Set(FileColumn.all.map(\.name))
        let file = try WireJSON.decode(Tree.self, from: try WireJSON.encode(Self.completeFile()))
        let isWhole = { (name: String) in names.contains(name) }
        #expect(file.leaves(isWhole).subtracting(names) == [])
        #expect(names.subtracting(file.leaves(isWhole)) == [])
    }

    @Test func jsonIsTheBodyAsItCame() throws {
        let daemon = try daemon()
        let body = try #require(daemon.answers[Self.request]?.first?.body)
        for arguments in [["export"], ["export", "--format", "json", "-"], ["export", "--json"]] {
            #expect(runCommand(arguments, daemon).output == body + "\n")
        }
    }

    @Test func aFileIsReplacedAsAWhole() async throws {
        let csv = runCommand(["export", "--format=csv"], try daemon()).output
        let json = runCommand(["export"], try daemon()).output
        try await withTemporaryDirectory { directory in
            let path = directory.appending("models")
            for (format, expected) in [("csv", csv), ("json", json)] {
                let daemon = try daemon()
                daemon.pieceSize = 100
                let outcome = runCommand(["export", "--format", format, path.description], daemon)
                #expect(outcome.code == .done)
                #expect(outcome.output.hasPrefix("2 files in \(path) ("))
                #expect(try readFile(path, limit: 1 << 20) == Array(expected.utf8))
            }
            #expect(try directoryNames(directory) == [path.name])
            let summary = runCommand(["export", path.description, "--json"], try daemon())
            #expect(summary.output == "{\"bytes\":\(json.utf8.count),\"path\":\"\(path)\"}\n")
        }
    }

    @Test(arguments: ["csv", "json"])
    func whatDoesNotComeToItsEndLeavesTheFileAsItWas(_ format: String) async throws {
        try await withTemporaryDirectory { directory in
            let (old, new) = (directory.appending("old"), directory.appending("new"))
            try writeFile(old, "old")
            let cut = try daemon(), short = try daemon(total: 3), broken = CannedDaemon(), refusing = CannedDaemon()
            cut.lostAfter = 100
            broken.answers[Self.request] = [(200, #"{"files":[{"id":1}"#)]
            try refusing.answer(Self.request, APIFailure(.unavailable, "Not now."), status: 503)
            for daemon in [cut, short, broken, refusing] {
                for path in [old, new] {
                    let outcome = runCommand(["export", "--format", format, path.description], daemon)
                    #expect(outcome.code == .nothing)
                    #expect(outcome.output == "")
                    #expect(outcome.errors.hasPrefix("kikod-ctl: "))
                }
            }
            #expect(try readFile(old, limit: 100) == Array("old".utf8))
            #expect(try directoryNames(directory) == [old.name])
        }
    }

    @Test func aDaemonThatIsNotThereIsUnreachable() async throws {
        try await withTemporaryDirectory { directory in
            let daemon = CannedDaemon()
            daemon.failure = .unreachable(tried: [])
            #expect(runCommand(["export", directory.appending("x").description], daemon).code == .unreachable)
            let names = try directoryNames(directory)
            #expect(names.isEmpty)
        }
    }

    @Test(arguments: ["", "pipe", "none/x"])
    func whatIsNoPlaceForAFileIsRefusedBeforeAnythingIsAsked(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            let daemon = CannedDaemon()
            try #require(unsafe mkfifo(directory.appending("pipe").description, 0o600) == 0)
            let outcome = runCommand(["export", directory.appending(name).description], daemon)
            #expect(outcome.code == .nothing)
            #expect(daemon.requests.isEmpty)
            #expect(try directoryNames(directory) == [Array("pipe".utf8)])
        }
    }

    @Test func cellsCannotSpeakToATerminal() throws {
        let file = sampleFile(1, "/srv/\u{1B}]0;owned\u{07}.pt")
        let outcome = runCommand(["export", "--format", "csv"], try daemon([file]), width: 80)
        #expect(outcome.output.contains("/srv/\\x1b]0;owned\\x07.pt"))
        #expect(runCommand(["export", "--format", "csv", "--json"], CannedDaemon()).code == .usage)
    }

    @Test func aTerminalSeesHowManyFilesHaveCome() async throws {
        try await withTemporaryDirectory { directory in
            let daemon = try daemon()
            try daemon.answer("GET /api/v1/files?limit=0", FilesAnswer(files: [], total: 2))
            let path = directory.appending("models").description
            let outcome = runCommand(["export", "--format", "csv", path], daemon, progressWidth: 80)
            #expect(outcome.errors == "\r\u{1B}[K[##########----------]  50 %  1 of 2 files\r\u{1B}[K")
        }
    }
}

/// JSON whose objects are told from its other values.
private enum Tree: Decodable {
    case object([String: Tree])
    case other

    init(from decoder: any Decoder) throws {
        self = (try? decoder.singleValueContainer().decode([String: Tree].self)).map(Tree.object) ?? .other
    }

    /// The dotted names of what is in it, down to what `isWhole`.
    func leaves(_ isWhole: (String) -> Bool, below name: String = "") -> Set<String> {
        guard case .object(let members) = self, !isWhole(name) else { return [name] }
        return members.reduce(into: []) { leaves, member in
            leaves.formUnion(member.value.leaves(isWhole, below: name.isEmpty ? member.key : "\(name).\(member.key)"))
        }
    }
}
