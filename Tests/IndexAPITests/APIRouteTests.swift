import Testing

@testable import IndexAPI

@Suite struct APIRouteTests {
    @Test func everyNamedRouteIsInTheTableOnce() {
        #expect(
            APIRoute.all.map(\.id).sorted { $0.rawValue < $1.rawValue }
                == APIRoute.ID.allCases.sorted { $0.rawValue < $1.rawValue })
        #expect(Set(APIRoute.all.map { $0.method.rawValue + $0.template }).count == APIRoute.all.count)
    }

    @Test func methodAndPathDecideTheRoute() {
        #expect(APIRoute.match(method: "GET", path: "/api/v1/lookup") == .route(.route(.lookup), id: nil))
        #expect(APIRoute.match(method: "POST", path: "/api/v1/lookup") == .route(.route(.lookupMany), id: nil))
        #expect(APIRoute.match(method: "GET", path: "/api/v1/files/42") == .route(.route(.file), id: 42))
        #expect(APIRoute.match(method: "PUT", path: "/api/v1/lookup") == .methodNotAllowed(["GET", "POST"]))
    }

    @Test(arguments: [
        "/", "/api/v1/", "/api/v1/nothing", "/api/v1/files/", "/api/v1/files/1/", "/api/v2/status",
        "/api/v1//status", "/api/v1/files/x/y",
    ])
    func otherPathsAreNotFound(_ path: String) {
        #expect(APIRoute.match(method: "GET", path: path) == .notFound)
    }

    @Test(arguments: ["-1", "+1", "x", "1.5", "0", "99999999999999999999"])
    func whatIsNoNumberIsToldApartFromAPathThatIsNotThere(_ number: String) {
        #expect(
            APIRoute.match(method: "GET", path: "/api/v1/files/\(number)") == .badNumber(1...Int64.max))
        #expect(APIRoute.match(method: "PUT", path: "/api/v1/files/\(number)") == .methodNotAllowed(["GET"]))
    }

    @Test func modelsHaveTheNumbersOfCivitAI() {
        for number in ["0", "2147483648"] {
            let match = APIRoute.match(method: "GET", path: "/api/v1/models/\(number)")
            #expect(match == .badNumber(1...2_147_483_647))
        }
        #expect(
            APIRoute.match(method: "GET", path: "/api/v1/models/2147483647")
                == .route(.route(.model), id: 2_147_483_647))
    }

    @Test func whatSetsTheDaemonToWorkNeedsTheRightToWrite() {
        #expect(
            APIRoute.all.filter(\.writes).map(\.id)
                == [.scan, .pause, .resume, .verify, .link, .unlink, .set, .cache])
    }

    @Test func pathsAreFilledIn() {
        #expect(APIRoute.route(.file).path(id: 7) == "/api/v1/files/7")
        #expect(APIRoute.route(.scanHistory).path() == "/api/v1/scan-history")
    }

    @Test(arguments: [
        ("type", "lora"), ("state", "present"), ("state", "error,missing"), ("limit", "0"), ("folder", ""),
        ("path_base64", "L/8="), ("civitai", "off"),
    ])
    func goodParametersAreAccepted(_ name: String, _ value: String) {
        #expect(APIRoute.route(.files).problem(withQuery: [(name, value)]) == nil)
    }

    @Test(arguments: [
        ("type", "Lora"), ("state", "gone"), ("state", "error,"), ("state", "present,error"), ("limit", "-1"),
        ("limit", "1.5"), ("limit", "99999999999999999999"), ("color", "red"), ("path_base64", "L/8"), ("offset", ""),
    ])
    func badParametersAreRefused(_ name: String, _ value: String) throws {
        let problem = try #require(APIRoute.route(.files).problem(withQuery: [(name, value)]))
        #expect(problem.contains(name))
    }

    @Test func aParameterGivenTwiceOrMissingIsRefused() {
        #expect(
            APIRoute.route(.files).problem(withQuery: [("limit", "1"), ("limit", "2")]) == "limit is given twice.")
        #expect(APIRoute.route(.lookup).problem(withQuery: []) == "hash is missing.")
        #expect(APIRoute.route(.lookup).problem(withQuery: [("hash", "0123456")]) != nil)
        #expect(APIRoute.route(.lookup).problem(withQuery: [("hash", "0123456f")]) == nil)
        #expect(
            APIRoute.route(.lookup).problem(withQuery: [("hash", String(repeating: "0", count: 65))]) != nil)
        #expect(APIRoute.route(.status).problem(withQuery: [("a", "1")]) == "Unknown parameter a; there is none.")
    }
}
