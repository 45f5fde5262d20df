internal import Synchronization

/// What the threads of the stand-in share; they do not hold the stand-in itself, which ends when a test lets go of it.
final class StandInCore: Sendable {
    let baseURL: String
    let faults = Faults()
    let log = RequestLog()
    let catalogue = Mutex(Catalogue())
    let settings = Mutex(StandInSettings())
    private let observe: @Sendable (RecordedRequest) -> Void

    init(baseURL: String, observe: @escaping @Sendable (RecordedRequest) -> Void) {
        self.baseURL = baseURL
        self.observe = observe
    }

    /// Answers the requests of one connection until it ends.
    func serve(_ socket: ClientSocket, connection: Int) {
        // Next.js refuses requests with a longer body.
        var reader = RequestReader(socket, bodyLimit: 1 << 20)
        let writer = AnswerWriter(socket)
        while true {
            switch reader.next() {
            case .end: return
            case .malformed:
                _ = writer.send(Answer(status: 400), isHead: false, isLast: true)
                return
            case .request(let request):
                let recorded = log.begin(request, connection: connection)
                observe(recorded)
                let isSent = writer.send(
                    answer(to: recorded), isHead: request.method == "HEAD", isLast: request.isLast)
                log.end()
                guard isSent else { return }
            }
        }
    }

    private func answer(to request: RecordedRequest) -> Answer {
        let responder = Responder(
            catalogue: catalogue.withLock { $0 }, settings: settings.withLock { $0 }, baseURL: baseURL,
            request: request)
        let answer = responder.answer()
        return faults.take(for: request)?.applied(to: answer) ?? answer
    }
}
