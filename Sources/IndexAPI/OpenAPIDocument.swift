/// The description of the API for programs (OpenAPI 3.1.0), made of the routes' table and of the wire types themselves, so
/// that it cannot say anything else than what is served.
package struct OpenAPIDocument: Encodable, Sendable {
    private let document: OpenAPIValue

    package init() {
        var schemas = SchemaCollection()
        let failure = schemas.schema(of: APIFailure.self)
        var paths: [String: OpenAPIValue] = [:]
        for route in APIRoute.all {
            var methods: [String: OpenAPIValue] = [:]
            if case .object(let known) = paths[route.template] { methods = known }
            methods[route.method.rawValue.lowercased()] = route.operation(failure: failure, &schemas)
            paths[route.template] = .object(methods)
        }
        document = [
            "openapi": "3.1.0",
            "info": [
                "title": "kikod", "version": .text(kikodVersion),
                "summary": "What AI image models lie on this machine, and what is known of them",
                "description": """
                On the Unix socket without a token; over TCP with one where http.token_file is set, and changes only \
                then. Times are ISO 8601 in UTC. Every key of an object is always there, null where nothing is known.
                """,
            ],
            "servers": [["url": "/"]], "paths": .object(paths),
            "components": [
                "schemas": .object(schemas.schemas),
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
            "security": [[:], ["token": []]],
        ]
    }

    package func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}

extension APIRoute {
    fileprivate func operation(failure: OpenAPIValue, _ schemas: inout SchemaCollection) -> OpenAPIValue {
        var success: [String: OpenAPIValue] = ["description": "Success"]
        let answers = answers.map { schemas.schema(of: $0) }
        let mediaType = String(mediaType.prefix { $0 != ";" })
        let schema: OpenAPIValue = answers.count > 1 ? ["anyOf": .list(answers)] : answers.first ?? [:]
        success["content"] = [mediaType: ["schema": schema]]
        var responses: [String: OpenAPIValue] = [
            String(status): .object(success),
            "default": ["description": "Why it was refused", "content": ["application/json": ["schema": failure]]],
        ]
        if id == .preview { responses["304"] = ["description": "The client has it already"] }
        var operation: [String: OpenAPIValue] = [
            "operationId": .text(id.rawValue), "summary": .text(summary), "responses": .object(responses),
        ]
        var parameters = query.map(\.queryParameter)
        if template.contains("{id}") {
            let schema: OpenAPIValue = [
                "type": "integer", "format": "int64", "minimum": .integer(ids.lowerBound),
                "maximum": .integer(ids.upperBound),
            ]
            parameters.append(["name": "id", "in": "path", "required": .boolean(true), "schema": schema])
        }
        if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
        guard method == .post else { return .object(operation) }
        var bodySchema: [String: OpenAPIValue] = [
            "type": "object",
            "properties": .object(Dictionary(uniqueKeysWithValues: body.map { ($0.name, $0.bodyProperty) })),
            "required": .list(body.filter(\.isRequired).map { .text($0.name) }),
            "additionalProperties": .boolean(false),
        ]
        if needsFile {
            bodySchema["anyOf"] = .list(Self.oneFile.map { ["required": [.text($0.name)]] })
        }
        operation["requestBody"] = [
            "required": .boolean(needsFile || body.contains(where: \.isRequired)),
            "content": ["application/json": ["schema": .object(bodySchema)]],
        ]
        return .object(operation)
    }
}

extension APIParameter {
    fileprivate var queryParameter: OpenAPIValue {
        [
            "name": .text(name), "in": "query", "required": .boolean(isRequired), "description": .text(help),
            "schema": .object(schema),
        ]
    }

    /// A key that may be left out may be null as well.
    fileprivate var bodyProperty: OpenAPIValue {
        let described = schema.merging(["description": .text(help)]) { $1 }
        return isRequired ? .object(described) : ["anyOf": [.object(described), ["type": "null"]]]
    }

    private var schema: [String: OpenAPIValue] {
        let hash: [String: OpenAPIValue] = ["type": "string", "pattern": "^[0-9A-Fa-f]{8,64}$"]
        return switch kind {
        case .text: ["type": "string"]
        case .path: ["type": "string", "pattern": "^/[^\\u0000]*$"]
        // The bytes of an absolute path begin with a slash, and so with these signs.
        case .base64: ["type": "string", "contentEncoding": "base64", "pattern": "^L[w-z0-9+/][A-Za-z0-9+/=]{2,}$"]
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            [
                "type": "integer", "format": "int64", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .number(let range):
            ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .choice(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
        case .choices(let words, let whole):
            [
                "type": "string",
                "pattern": .text(
                    "^(\(whole)|(\(words.joined(separator: "|")))(,(\(words.joined(separator: "|"))))*)$"),
            ]
        case .hash: hash
        case .hashes(let maximum):
            ["type": "array", "items": .object(hash), "maxItems": .integer(Int64(maximum))]
        case .texts(let maximum):
            ["type": "array", "items": ["type": "string"], "maxItems": .integer(Int64(maximum))]
        }
    }
}
