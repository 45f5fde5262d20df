/// Why the API refused a request; the word in `code`.
package enum APIErrorCode: String, Codable, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case unauthorized
    case forbidden
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case conflict
    case tooLarge = "too_large"
    case unavailable
    case `internal`

    /// The HTTP status that goes with the code.
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .tooLarge: 413
        case .internal: 500
        case .unavailable: 503
        }
    }
}

/// The body of every answer that is not a success.
package struct APIFailure: Codable, Sendable, Equatable {
    /// Always false.
    package var success: Bool
    /// A sentence for people.
    package var error: String
    /// One of `APIErrorCode`'s words.
    package var code: String

    package init(_ code: APIErrorCode, _ error: String) {
        success = false
        self.error = error
        self.code = code.rawValue
    }

    enum CodingKeys: String, CodingKey {
        case success, error, code
    }
}
