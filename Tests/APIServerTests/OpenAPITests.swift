import FoundationEssentials
import IndexAPI
import JSON
import TestSupport
import Testing

@testable import APIServer

/// The description of the API, held against what is answered.
@Suite struct OpenAPITests {
    @Test func everyRouteIsDescribed() async throws {
        try await withIdleAPI { api in
            let document = try Document(try await api.get("openapi.json").body)
            #expect(document.root["openapi"]?.string == "3.1.0")
            #expect(document.root["info"]?["version"]?.string == kikodVersion)
            for route in APIRoute.all {
                let operation = try #require(document.operation(route), "\(route.id)")
                #expect(operation["operationId"]?.string == route.id.rawValue)
                #expect(operation["responses"]?[String(route.status)] != nil)
                #expect(operation["responses"]?["default"] != nil)
                let names = operation["parameters"]?.elements.compactMap { $0["name"]?.string } ?? []
                #expect(names == route.query.map(\.name) + (route.template.contains("{id}") ? ["id"] : []))
            }
            let operations = document.root["paths"]?.members.map { $0.value.members.count }.reduce(0, +)
            #expect(operations == APIRoute.all.count)
        }
    }

    /// Live answers of every JSON route have the keys and types of their description, no other keys, and none is missing.
    @Test func answersAreAsDescribed() async throws {
        try await withAPI { api in
            let file = try await api.add("loras/a.safetensors", safetensors(metadata: #"{"k":"v"}"#))
            try await api.add("loras/b.safetensors", safetensors(metadata: #"{"k":"v"}"#))
            try await api.add("broken.safetensors", [1, 2, 3])
            try await api.addModel()
            try await api.link(file.id)
            let document = try Document(try await api.get("openapi.json").body)
            let hash = try #require(file.sha256)
            let requests: [(APIRoute.ID, String)] = [
                (.status, ""), (.files, "?details=true"), (.file, ""), (.lookup, "?hash=\(hash)"),
                (.search, "?q=model"),
                (.duplicates, ""), (.model, ""), (.updates, ""), (.triggers, "?id=\(file.id)"),
                (.prompts, "?id=\(file.id)"), (.stats, ""), (.scanHistory, ""), (.roots, ""), (.errors, ""),
                (.kikoCreatorModels, ""), (.kikoCreatorModelByPath, "?path=\(file.path)"),
                (.kikoCreatorModelByHash, "?hash=\(hash)"), (.kikoCreatorFolders, ""), (.kikoCreatorGroups, ""),
                (.kikoCreatorStats, ""), (.kikoCreatorHistory, ""), (.kikoCreatorNeedsMetadata, ""),
            ]
            let bodies: [(APIRoute.ID, String)] = [
                (.lookupMany, #"{"hashes":["\#(hash)"]}"#), (.scan, "{}"), (.sync, "{}"), (.pause, "{}"), (.resume, ""),
                (.verify, "{}"), (.unlink, #"{"id":\#(file.id)}"#), (.set, #"{"id":\#(file.id),"notes":"n"}"#),
            ]
            var checked: Set<APIRoute.ID> = []
            for (id, query) in requests {
                let route = APIRoute.route(id)
                let answer = try await api.get(route.path(id: id == .model ? 1 : file.id) + query)
                #expect(document.problems(with: answer, to: route) == [], "\(id)")
                checked.insert(id)
            }
            for (id, body) in bodies {
                let route = APIRoute.route(id)
                let answer = try await api.post(route.path(), body)
                #expect(document.problems(with: answer, to: route) == [], "\(id)")
                checked.insert(id)
            }
            // The others ask CivitAI, or answer with something else than JSON.
            #expect(
                Set(APIRoute.all.filter { !$0.answers.isEmpty }.map(\.id)).subtracting(checked) == [.link, .cache])
        }
    }

    /// Were the check blind, these would pass.
    @Test func wrongAnswersAreTold() async throws {
        try await withIdleAPI { api in
            let document = try Document(try await api.get("openapi.json").body)
            let route = APIRoute.route(.cache)
            func problems(_ body: String, status: Int = 200) -> Int {
                document.problems(with: .init(status: status, headers: [], body: Array(body.utf8)), to: route).count
            }
            #expect(problems(#"{"model_id":1,"versions":2}"#) == 0)
            #expect(problems(#"{"model_id":1}"#) == 1)
            #expect(problems(#"{"model_id":"1","versions":2}"#) == 1)
            #expect(problems(#"{"model_id":null,"versions":2}"#) == 1)
            #expect(problems(#"{"model_id":1,"versions":2.5}"#) == 1)
            #expect(problems(#"{"model_id":1,"versions":2,"more":3}"#) == 1)
            #expect(problems("[]") == 1)
            #expect(problems("nothing") == 1)
            #expect(problems(#"{"model_id":1,"versions":2}"#, status: 404) == 1)
        }
    }
}

/// An OpenAPI document, as far as answers are held against it.
private struct Document {
    let root: JSONValue

    init(_ bytes: [UInt8]) throws { root = try JSONValue(bytes) }

    func operation(_ route: APIRoute) -> JSONValue? {
        root["paths"]?[route.template]?[route.method.rawValue.lowercased()]
    }

    func problems(with answer: APIFixture.Answer, to route: APIRoute) -> [String] {
        guard answer.status == route.status else { return ["status \(answer.status): \(answer.text)"] }
        guard let value = try? JSONValue(answer.body) else { return ["not JSON"] }
        let content = operation(route)?["responses"]?[String(route.status)]?["content"]?[route.mediaType]
        guard let schema = content?["schema"] else { return ["nothing is described"] }
        return problems(value, schema, at: "")
    }

    private func problems(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = root["components"]?["schemas"]?[name] else { return ["\(place): no schema \(name)"] }
            return problems(value, target, at: place)
        }
        if let choices = schema["anyOf"]?.elements {
            let found = choices.map { problems(value, $0, at: place) }
            return found.contains([]) ? [] : found.min { $0.count < $1.count } ?? []
        }
        switch (schema["type"]?.string, value) {
        case ("string", .string), ("boolean", .bool), ("null", .null), ("number", .integer), ("number", .decimal),
            ("integer", .integer):
            return []
        case ("array", .array(let elements)):
            guard let items = schema["items"] else { return ["\(place): no items"] }
            return elements.enumerated().flatMap { problems($0.element, items, at: "\(place)[\($0.offset)]") }
        case ("object", .object(let members)):
            if let element = schema["additionalProperties"] {
                return members.flatMap { problems($0.value, element, at: "\(place).\($0.name)") }
            }
            let required = schema["required"]?.elements.compactMap(\.string) ?? []
            let missing = required.filter { name in !members.contains { $0.name == name } }
            return missing.map { "\(place).\($0) is missing" }
                + members.flatMap { member in
                    schema["properties"]?[member.name].map { problems(member.value, $0, at: "\(place).\(member.name)") }
                        ?? ["\(place).\(member.name) is not described"]
                }
        default: return ["\(place): \(value) is no \(schema["type"]?.string ?? "value")"]
        }
    }
}
