import FoundationEssentials
import Testing

@testable import IndexAPI

@Suite struct AnswersTests {
    @Test func statusHasTheContractsKeys() throws {
        let status = StatusAnswer(
            version: "0.1.0", state: "ready", uptimeSeconds: 12.5, pid: 1,
            roots: [
                RootStatus(
                    path: "/srv/models", type: nil, state: "online", watch: "inotify", files: 3, directories: 2,
                    polledDirectories: 0, message: nil)
            ],
            files: FileCounts(), queue: QueueStatus(depth: 0, capacity: 1024, pendingBytes: 0),
            hashing: HashingStatus(), civitai: CivitaiStatus(),
            database: DatabaseStatus(path: "/var/lib/kikod/models.db", schemaVersion: 1, bytes: 4096), lastScan: nil)
        let text = String(decoding: try WireJSON.encode(status), as: UTF8.self)
        #expect(
            text == #"{"civitai":{"error":0,"found":0,"key":"none","message":null,"not_found":0,"pending":0,"#
                + #""requests_total":0,"retry_at":null,"state":"off"},"#
                + #""database":{"bytes":4096,"path":"/var/lib/kikod/models.db","schema_version":1},"#
                + #""files":{"bytes":0,"error":0,"hashing":0,"indexed":0,"missing":0,"pending":0,"total":0},"#
                + #""hashing":{"bytes_per_second":0,"bytes_total":0,"current":[],"files_total":0,"message":null,"#
                + #""state":"idle","until":null,"workers":0},"last_scan":null,"pid":1,"#
                + #""queue":{"capacity":1024,"depth":0,"pending_bytes":0},"#
                + #""roots":[{"directories":2,"files":3,"message":null,"path":"/srv/models","polled_directories":0,"#
                + #""state":"online","type":null,"watch":"inotify"}],"state":"ready","uptime_seconds":12.5,"#
                + #""version":"0.1.0"}"#)
        #expect(try WireJSON.decode(StatusAnswer.self, from: Data(text.utf8)) == status)
    }

    @Test func aScanRowHasTheColumnsOfTheHistory() throws {
        let row = ScanRecord(id: 1, kind: "scan", root: "/m", startedAt: "2025-01-01T00:00:00.000Z")
        let json = try WireJSON.decode([String: AnyValue].self, from: WireJSON.encode(row))
        let columns: Set<String> = [
            "id", "kind", "root", "started_at", "completed_at", "duration_ms", "files_seen", "files_added",
            "files_changed", "files_moved", "files_missing", "files_hashed", "files_damaged", "bytes_hashed",
            "checkpoints_found", "loras_found", "embeddings_found", "lookups", "errors",
        ]
        #expect(Set(json.keys) == columns)
    }

    @Test func requestsFillInWhatIsLeftOut() throws {
        let empty = Data("{}".utf8)
        #expect(try WireJSON.decode(ScanRequest.self, from: empty) == ScanRequest())
        #expect(try WireJSON.decode(PauseRequest.self, from: empty) == PauseRequest(seconds: nil))
        #expect(try WireJSON.decode(VerifyRequest.self, from: empty) == VerifyRequest())
        let sync = try WireJSON.decode(SyncRequest.self, from: empty)
        #expect(!sync.hashed)
        #expect(sync.timeoutSeconds == 60)
        let scan = try WireJSON.decode(ScanRequest.self, from: Data(#"{"path":null,"accept_empty":true}"#.utf8))
        #expect(scan == ScanRequest(acceptEmpty: true))
    }

    @Test func aFailureNamesItsCode() throws {
        let text = String(decoding: try WireJSON.encode(APIFailure(.notFound, "Nothing has it.")), as: UTF8.self)
        #expect(text == #"{"code":"not_found","error":"Nothing has it.","success":false}"#)
        #expect(Set(APIErrorCode.allCases.map(\.status)).count == APIErrorCode.allCases.count)
    }
}
