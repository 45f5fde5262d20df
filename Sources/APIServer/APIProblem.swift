internal import IndexAPI

/// A request that is answered with an error of the API.
struct APIProblem: Error {
    let code: APIErrorCode
    let message: String
    /// Methods for the `Allow` header of a 405 (RFC 9110 section 15.5.6).
    var allowedMethods: [String] = []

    init(_ code: APIErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
