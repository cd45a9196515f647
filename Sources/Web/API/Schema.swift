/// A piece of a JSON document, written in Swift: the schemas of the API and the OpenAPI document around them.
indirect enum Schema: Sendable, Hashable {
    case object([String: Schema])
    case array([Schema])
    case string(String)
    case number(Int)
    case bool(Bool)

    /// A schema that the document has under this name.
    static func named(_ name: String) -> Schema { ["$ref": .string("#/components/schemas/\(name)")] }

    /// An object with these fields.
    /// - Parameter optional: those of them that may be missing.
    static func fields(_ fields: [String: Schema], optional: Set<String> = []) -> Schema {
        [
            "type": "object", "properties": .object(fields),
            "required": .array(fields.keys.filter { !optional.contains($0) }.sorted().map(Schema.string)),
        ]
    }

    static func list(of item: Schema) -> Schema { ["type": "array", "items": item] }

    static func text(min: Int = 0, max: Int) -> Schema {
        ["type": "string", "minLength": .number(min), "maxLength": .number(max)]
    }

    static func integer(min: Int, max: Int = 9_007_199_254_740_991) -> Schema {
        ["type": "integer", "minimum": .number(min), "maximum": .number(max)]
    }

    /// The same, or null.
    var orNull: Schema { ["anyOf": [self, ["type": "null"]]] }

    static let anyString: Schema = ["type": "string"]
    static let boolean: Schema = ["type": "boolean"]
    static let moment: Schema = ["type": "string", "format": "date-time"]
}

extension Schema: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral elements: (String, Schema)...) { self = .object(Dictionary(uniqueKeysWithValues: elements)) }
    init(arrayLiteral elements: Schema...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Schema: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        }
    }
}
