import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Every parameter of every route, given what it cannot mean.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ParameterTests {
    private static let digits = String(repeating: "9", count: 400)

    /// As in a query. None of them means anything anywhere.
    private static let meaningless = ["%00", "1%00", "a%00b", "%", "%4", "%zz", "%FF", "%C3%28", "%ED%A0%80"]
    /// Numbers that no parameter takes; words to those that take text.
    private static let numbers = [
        "-1", "-9223372036854775808", "-9223372036854775809", "9223372036854775808", "18446744073709551616", "1e999",
        "-0.5", "NaN", digits,
    ]

    @Test(arguments: APIDoor.Kind.allCases)
    func everyParameterOfAQuery(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            let parameters = APIRoute.all.flatMap { route in route.query.map { (route, $0) } }
            var checked = 0
            for (route, parameter) in parameters {
                for value in Self.meaningless + Self.numbers + ["9223372036854775807", ""] {
                    let what = "\(route.method.rawValue) \(route.path(id: 1))?\(parameter.name)=\(value)"
                    let answer = try door.ask(route.method.rawValue, "\(route.path(id: 1))?\(parameter.name)=\(value)")
                    var isRefused = Self.meaningless.contains(value)
                    if case .integer = parameter.kind { isRefused = isRefused || Self.numbers.contains(value) }
                    #expect(isRefused ? answer.status == 400 : [200, 400, 404].contains(answer.status), "\(what)")
                    if answer.status != 200 { try answer.expectFailure(what) }
                    checked += 1
                }
            }
            #expect(checked == parameters.count * 20)
            #expect(parameters.count >= 24)
            print("\(kind): \(checked) values of \(parameters.count) query parameters were checked")
            try door.expectAnswer(after: "all parameters of queries")
        }
    }

    /// As in a JSON object.
    private static let values: [(text: [UInt8], isRefused: Bool)] =
        [
            "-1", "-9223372036854775809", "9223372036854775808", "1e999", "-1e308", "0.5", digits, #""\u0000""#,
            #""a\u0000b""#, "\"a\0b\"", #""\ud800""#, "{}", "[[]]", "[-1]", #"["\u0000"]"#, "nul",
        ].map { (Array($0.utf8), true) } + [(Array("\"".utf8) + [0xFF] + Array("\"".utf8), true)]
        + [
            "9223372036854775807", "\"\"", #""relative""#, "\"/\(digits)\"",
        ].map { (Array($0.utf8), false) }

    @Test(arguments: APIDoor.Kind.allCases)
    func everyKeyOfABody(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            let keys = APIRoute.all.flatMap { route in route.body.map { (route, $0) } }
            var checked = 0
            for (route, key) in keys {
                for (value, isRefused) in Self.values {
                    let body = Array(#"{"\#(key.name)":"#.utf8) + value + Array("}".utf8)
                    let what = "\(route.path(id: 1)) \(String(decoding: body.prefix(100), as: UTF8.self))"
                    let answer = try door.ask(route.method.rawValue, route.path(id: 1), body: body)
                    #expect(
                        isRefused ? answer.status == 400 : [400, 404].contains(answer.status), "\(what): \(answer.text)"
                    )
                    try answer.expectFailure(what)
                    checked += 1
                }
            }
            #expect(checked == keys.count * Self.values.count)
            #expect(keys.count >= 18)
            print("\(kind): \(checked) values of \(keys.count) keys of bodies were checked")
            try door.expectAnswer(after: "all keys of bodies")
        }
    }

    @Test(arguments: APIDoor.Kind.allCases)
    func everyNumberInAPath(_ kind: APIDoor.Kind) async throws {
        try await withAPIDoor(kind) { door in
            let routes = APIRoute.all.filter { $0.template.contains("{id}") }
            var checked = 0
            for route in routes {
                for number in Self.meaningless + Self.numbers + [
                    "0", "+1", "%2B1", "1%20", "0x1", "9223372036854775807",
                ] {
                    let target = route.template.replacing("{id}", with: number)
                    let answer = try door.ask(route.method.rawValue, target)
                    #expect(
                        answer.status == (Int64(number).map(route.ids.contains) == true && number != "+1" ? 404 : 400),
                        "\(target)")
                    try answer.expectFailure(target)
                    checked += 1
                }
            }
            #expect(checked == routes.count * 24)
            #expect(routes.count >= 3)
            print("\(kind): \(checked) numbers in \(routes.count) paths were checked")
            try door.expectAnswer(after: "all numbers in paths")
        }
    }
}
