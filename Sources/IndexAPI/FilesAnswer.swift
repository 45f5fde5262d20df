/// The answer to `GET files` and `GET errors`.
package struct FilesAnswer: Codable, Sendable, Equatable {
    package var files: [FileObject]
    /// Files that fit, whatever `limit` and `offset` leave of them.
    package var total: Int

    package init(files: [FileObject], total: Int) {
        self.files = files
        self.total = total
    }

    enum CodingKeys: String, CodingKey { case files, total }
}

/// The answer to `GET lookup`.
package struct LookupAnswer: Codable, Sendable, Equatable {
    /// The hash as it was asked for.
    package var hash: String
    /// The types as which it was found.
    package var matched: [String]
    /// Present files first.
    package var files: [FileObject]
    package var total: Int

    package init(hash: String, matched: [String], files: [FileObject]) {
        self.hash = hash
        self.matched = matched
        self.files = files
        total = files.count
    }

    enum CodingKeys: String, CodingKey { case files, hash, matched, total }
}

/// The body of `POST lookup`.
package struct LookupRequest: Codable, Sendable, Equatable {
    /// The most hashes that one request may name.
    package static let maximum = 10_000

    package var hashes: [String]

    package init(hashes: [String]) { self.hashes = hashes }

    enum CodingKeys: String, CodingKey { case hashes }
}

/// The answer to `POST lookup`.
package struct LookupResults: Codable, Sendable, Equatable {
    /// One for each hash of the request, in its order.
    package var results: [LookupResult]

    package init(results: [LookupResult]) { self.results = results }

    enum CodingKeys: String, CodingKey { case results }
}

/// What was found for one hash of `POST lookup`; no file for a miss.
package struct LookupResult: Codable, Sendable, Equatable {
    package var hash: String
    package var matched: [String]
    package var files: [FileObject]

    package init(hash: String, matched: [String], files: [FileObject]) {
        self.hash = hash
        self.matched = matched
        self.files = files
    }

    enum CodingKeys: String, CodingKey { case files, hash, matched }
}
