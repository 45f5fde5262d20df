import Testing

@testable import IndexAPI

@Suite struct EventFrameTests {
    @Test func frameIsIDEventAndOneLineOfData() throws {
        var object = EventObject(id: 7, event: "file.moved", at: "2025-01-01T00:00:00.000Z")
        object.path = "/srv/b\n.pt"
        object.oldPath = "/srv/a.pt"
        let text = String(decoding: try EventFrame(id: "run-7", object).bytes, as: UTF8.self)
        #expect(
            text == """
                id: run-7
                event: file.moved
                data: {"at":"2025-01-01T00:00:00.000Z","event":"file.moved","file":null,"id":7,"message":null,\
                "old_path":"/srv/a.pt","path":"/srv/b\\n.pt","scan":null}


                """)
    }

    @Test func readerTakesWhatWasWrittenInPiecesOfAnySize() throws {
        let frames = [
            EventFrame(id: "run-0"), try EventFrame(id: "run-1", EventObject(id: 1, event: "file.added", at: "x")),
            try EventFrame(id: "run-2", EventObject(id: 2, event: "file.error", at: "ü")),
        ]
        let bytes = frames.flatMap { EventFrame.heartbeat + $0.bytes } + EventFrame.heartbeat
        for size in 1...bytes.count {
            var reader = EventFrameReader()
            var read: [EventFrame] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                read += reader.take(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(read == frames, "pieces of \(size)")
        }
    }

    @Test func readerTakesWhatOtherServersMayWrite() {
        var reader = EventFrameReader()
        let frames = reader.take(Array("retry: 5\r\ndata:a\r\ndata: b\r\nid\r\nunknown: x\r\n\r\n\n".utf8))
        #expect(frames == [EventFrame(id: "", data: "a\nb")])
    }

    @Test func everyKindOfEventIsAWordOfTheAPIOnce() {
        #expect(Set(Vocabulary.events).count == Vocabulary.events.count)
        #expect(!Vocabulary.events.contains(Vocabulary.eventsLost))
    }
}
