extension Responder {
    /// Published models by their numbers, or all of them, a page at a time.
    func models() -> Answer {
        let limit: Int
        switch number("limit", within: 0...100, default: 100) {
        case .value(let value): limit = value
        case .refused(let answer): return answer
        }
        let page: Int
        switch number("page", within: 1...Int(Int32.max), default: 1) {
        case .value(let value): page = value
        case .refused(let answer): return answer
        }
        var wanted: Set<Int64>?
        if let text = parameter("ids") {
            let ids = text.split(separator: ",").map { Int64($0) }
            guard ids.allSatisfy({ $0.map { (1...2_147_483_647).contains($0) } ?? false }) else {
                return schemaRefusal("ids", "Invalid input: expected number, received NaN")
            }
            wanted = Set(ids.compactMap { $0 })
        }
        guard page * limit <= 1000 else {
            return refusal(429, "You've requested too many pages, please use cursors instead")
        }
        let cursor = parameter("cursor").flatMap { Int64($0) } ?? 0
        let found = catalogue.all.filter { isListed($0) && $0.id >= cursor && wanted?.contains($0.id) ?? true }
        let rest = found.dropFirst(limit * (page - 1))
        var metadata: [(name: String, value: JSONTree)] = [
            ("currentPage", JSONTree(page)), ("pageSize", JSONTree(limit)),
        ]
        if limit > 0, let next = rest.dropFirst(limit).first {
            metadata.append(("nextCursor", .integer(next.id)))
            metadata.append(("nextPage", .text(addressOfNextPage(cursor: next.id))))
        }
        let items = rest.prefix(limit).map { model in
            catalogue[recorded: model.id].map { JSONTree.verbatim($0) } ?? modelObject(model, omitsEmpty: false)
        }
        return Answer(json: ["items": .list(Array(items)), "metadata": .object(metadata)])
    }

    private func isListed(_ model: StandInModel) -> Bool {
        guard model.status == .published else { return false }
        let isAboveAllAges = model.isNSFW || model.nsfwLevel > 1
        return (!isAboveAllAges || parameter("nsfw") == "true")
            && (model.mode != .archived || parameter("archived") == "true")
    }

    private func addressOfNextPage(cursor: Int64) -> String {
        let kept = request.target.split(separator: "?").dropFirst().joined(separator: "?").split(separator: "&")
            .filter { !$0.hasPrefix("page=") && !$0.hasPrefix("cursor=") }
        return "\(baseURL)/api/v1/models?" + (kept + ["cursor=\(cursor)"]).joined(separator: "&")
    }

    private enum Parameter {
        case value(Int)
        case refused(Answer)
    }

    private func number(_ name: String, within range: ClosedRange<Int>, default standard: Int) -> Parameter {
        guard let text = parameter(name) else { return .value(standard) }
        guard let value = Int(text) else {
            return .refused(schemaRefusal(name, "Invalid input: expected number, received NaN"))
        }
        guard range.contains(value) else {
            let side = value < range.lowerBound ? "small" : "big"
            return .refused(schemaRefusal(name, "Too \(side): expected number within \(range)"))
        }
        return .value(value)
    }

    /// Here the error is an object, and not a text as elsewhere.
    private func schemaRefusal(_ parameter: String, _ message: String) -> Answer {
        let issue: JSONTree = ["code": "custom", "path": [.text(parameter)], "message": .text(message)]
        return Answer(status: 400, json: ["error": ["name": "ZodError", "issues": [issue]]])
    }
}
