import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Clients that are many, or that vanish.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileClientTests {
    @Test(arguments: APIDoor.Kind.allCases)
    func connectionsLeaveNoDescriptorBehind(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            // Two hundred at once, all of them asked before the first is answered.
            func manyAtOnce() throws {
                let clients = try (0..<200).map { _ in try door.connect() }
                for client in clients { try client.send(door.request("GET", "/api/v1/files/1")) }
                for client in clients { #expect(try client.receive().status == 200) }
                for client in clients { try client.send(door.request("GET", "/api/v1/duplicates")) }
                for client in clients { #expect(try client.receive().status == 200) }
            }
            let unconnected = try door.descriptors()
            try manyAtOnce()
            let before = try door.waitForSockets(atMost: unconnected.sockets)
            for number in 0..<5000 {
                let client = try door.connect()
                switch number % 4 {
                case 0: #expect(try door.ask("GET", "/api/v1/status").status == 200)
                case 1: try client.send(door.request("GET", "/api/v1/files"))
                // Few of these: each keeps its place until its request has to be complete, and when all places are taken,
                // who is slow, as this may be beside other tests, has to make room.
                case 2 where number % 50 == 2:
                    try client.send(door.request("POST", "/api/v1/sync", body: Array("{}".utf8)).dropLast())
                default: break
                }
            }
            _ = try door.waitForSockets(atMost: unconnected.sockets)
            try manyAtOnce()
            let after = try door.waitForSockets(atMost: unconnected.sockets)
            #expect(after.sockets == unconnected.sockets, "\(kind)")
            // Connections to the database are opened when they are needed, and kept.
            #expect(after.others <= before.others + 16, "\(kind)")
            try door.expectAnswer(after: "5,000 connections")
        }
    }

    @Test(arguments: APIDoor.Kind.allCases)
    func clientsThatVanishLeaveNothingBehind(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind, files: 400) { door in
            let before = try door.descriptors().sockets
            let all = try door.ask("GET", "/api/v1/files")
            #expect(all.body.count > 300_000)
            for _ in 0..<50 {
                let inHead = try door.connect()
                try inHead.send("GET /api/v1/files HTTP/1.1\r\nHost: loc")
                let inBody = try door.connect()
                try inBody.send(
                    door.request("POST", "/api/v1/sync", body: [UInt8](repeating: 0x20, count: 9)).dropLast())
                let inAnswer = try door.connect()
                try inAnswer.send(door.request("GET", "/api/v1/files"))
                try inAnswer.receiveSome(atMost: 1)
                let inEvents = try door.connect()
                try inEvents.send(door.request("GET", "/api/v1/events"))
                try inEvents.receiveSome(atMost: 1)
                for client in [inHead, inBody, inAnswer, inEvents] { client.close() }
                try door.expectAnswer(after: "clients that vanished")
            }
            // Who follows the events is missed at the next sign of life; over TCP, whose client's end looks as if it only
            // sent nothing more, half a head counts until the request has to be complete.
            #expect(try door.waitForSockets(atMost: before).sockets <= before, "\(kind)")
            #expect(try door.ask("GET", "/api/v1/files").body == all.body)
        }
    }

    /// The daemon's own limits: 256 connections, two seconds for those who hold them while others wait.
    @Test(arguments: APIDoor.Kind.allCases)
    func clientsThatHoldEveryConnectionKeepNobodyOut(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            var holders: [TestClient] = []
            for number in 0..<300 {
                let client = try door.connect()
                switch number % 3 {
                case 0: try? client.send("GET /api/v1/fi")
                case 1:
                    try? client.send(door.request("POST", "/api/v1/sync", body: Array("{} ".utf8)).dropLast())
                default: break
                }
                holders.append(client)
            }
            for _ in 0..<10 { try door.expectAnswer(after: "300 clients that say nothing more") }
            withExtendedLifetime(holders) {}
        }
    }
}
