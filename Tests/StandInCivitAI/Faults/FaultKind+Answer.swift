internal import LinuxSystem

extension FaultKind {
    /// The answer with which this went wrong.
    func applied(to answer: Answer) -> Answer {
        switch self {
        case .status(let status, let json, let headers): return Self.status(status, json, headers)
        case .tooManyRequests(let retryAfter): return Self.tooManyRequests(retryAfter)
        case .regionBlocked:
            let message = "Access to this service is not available in your region due to legal restrictions."
            return Answer(status: 451, json: ["error": .text(message), "code": "REGION_BLOCKED"])
        case .challenge(let status):
            let page = """
                <!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>\
                <body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>
                """
            var changed = Answer(status: status, page: page)
            changed.set("Server", "cloudflare")
            return changed
        case .notFoundPage:
            return Answer(status: 404, page: "<!DOCTYPE html><title>404: This page could not be found</title>")
        case .redirect(let address, let status):
            return Answer(status: status, headers: [("Location", address)])
        case .hang, .drip, .reset, .cutShort: return delivered(answer)
        default: return distorted(answer)
        }
    }

    /// The right answer in a wrong manner.
    private func delivered(_ answer: Answer) -> Answer {
        var changed = answer
        switch self {
        case .hang: changed.delivery = .none
        case .drip(let milliseconds): changed.delivery = .drip(milliseconds: milliseconds)
        case .reset: changed.delivery = .reset(after: answer.length / 2)
        case .cutShort: changed.delivery = .cutShort(after: answer.length / 2)
        default: break
        }
        return changed
    }

    /// The right head with a wrong content, or the other way round.
    private func distorted(_ answer: Answer) -> Answer {
        var changed = answer
        switch self {
        case .truncatedJSON: changed.content = answer.content.map { $0.half }
        case .invalidJSON: changed.content = [.bytes(Array("{\"error: <not JSON>}".utf8))]
        case .otherShape:
            let isList = if case .bytes(let bytes) = answer.content.first { bytes.first == 0x5B } else { false }
            changed.content = [.bytes(Array((isList ? #"{"data":{"items":null}}"# : #"["data",[1,2]]"#).utf8))]
        case .emptyBody: changed.content = []
        case .hugeBody(let bytes):
            changed.content.insert(.repeated(UInt8(ascii: " "), count: max(0, bytes - answer.length)), at: 0)
        case .gzippedGarbage:
            changed.set("Content-Encoding", "gzip")
            changed.content = [.bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Array("no deflated data".utf8))]
        case .contentType(let type): changed.set("Content-Type", type)
        default: break
        }
        return changed
    }

    private static func status(_ status: Int, _ json: String?, _ headers: [String: String]) -> Answer {
        let standard =
            switch status {
            case 500: #"{"message":"An unexpected error occurred","error":"..."}"#
            case 503: #"{"error":"The service is temporarily overloaded — please retry."}"#
            default: #"{"error":"Something went wrong"}"#
            }
        var answer = Answer(status: status, json: .verbatim(Array((json ?? standard).utf8)))
        for (name, value) in headers { answer.set(name, value) }
        return answer
    }

    private static func tooManyRequests(_ retryAfter: RetryAfter?) -> Answer {
        var answer = Answer(status: 429, json: ["error": "Too many requests"])
        switch retryAfter {
        case nil: break
        case .seconds(let seconds): answer.set("Retry-After", String(seconds))
        case .date(let seconds):
            answer.set("Retry-After", httpDate(seconds: WallClock.now / 1_000_000_000 + Int64(seconds)))
        case .text(let text): answer.set("Retry-After", text)
        }
        return answer
    }
}

extension Answer.Piece {
    /// The first half.
    fileprivate var half: Answer.Piece {
        switch self {
        case .bytes(let bytes): .bytes(Array(bytes.prefix(bytes.count / 2)))
        case .repeated(let byte, let count): .repeated(byte, count: count / 2)
        }
    }
}
