import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore

/// A request to the JSON API, with what an endpoint asks of it.
struct APICall: Sendable {
    let site: Site
    let request: Request
    let context: WebContext
    /// The signed-in person; `nil` at public endpoints.
    let caller: Caller?

    /// - Throws: `credentials_missing`.
    var principal: Principal {
        get throws {
            guard let caller else { throw ChatError(.credentialsMissing, "Sign in first.") }
            return caller.principal
        }
    }

    var client: Client { site.client(of: request, context) }

    /// The part of the path that stands for `name`.
    func path(_ name: String) throws -> String {
        guard let value = context.parameters.get(name) else { throw ChatError.internal }
        return value
    }

    /// A message's place, from the path; what is no number is a message that is not there.
    var seq: Seq {
        get throws { Seq(try path("seq")) ?? 0 }
    }

    func query(_ name: String) -> String? {
        request.uri.queryParameters[name[...]].map(String.init)
    }

    /// A whole number from the query.
    /// - Throws: `invalid_field`.
    func number(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = query(name), !text.isEmpty else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw ChatError(
                .invalidField, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).", field: name
            )
        }
        return number
    }

    /// The request's JSON.
    /// - Throws: `unsupported_media_type`, `body_too_large`, `invalid_json`, `missing_field`, `invalid_field`.
    func body<Body: Decodable>(_ type: Body.Type = Body.self) async throws -> Body {
        guard let mediaType = request.headers[.contentType], Self.isJSON(mediaType) else {
            throw ChatError(.unsupportedMediaType, "Send JSON, with Content-Type: application/json.")
        }
        let bytes = try await request.body.collect(upTo: site.settings.bodyBytesMax)
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw Self.refusal(error)
        }
    }

    private static func isJSON(_ mediaType: String) -> Bool {
        mediaType.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
    }

    private static func refusal(_ error: DecodingError) -> ChatError {
        switch error {
        case .keyNotFound(let key, _):
            return ChatError(.missingField, "The field \(key.stringValue) is missing.", field: key.stringValue)
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            guard let field = context.codingPath.first?.stringValue else {
                return ChatError(.invalidJSON, "The body is one JSON object.")
            }
            return ChatError(.invalidField, "The field \(field) has the wrong type.", field: field)
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            let field = context.codingPath[0].stringValue
            return ChatError(.invalidField, "The field \(field) has a value that is not allowed.", field: field)
        default:
            return ChatError(.invalidJSON, "The body is not JSON.")
        }
    }
}
