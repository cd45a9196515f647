import Foundation
import Model

/// Asks a provider, and makes of every way in which that can fail an `OpenIDError`.
struct ProviderClient: Sendable {
    let transport: any OpenIDTransport

    /// For one request, whole.
    static let timeout = Seconds(10)

    /// - Parameter what: for the log, as in "no answer for the discovery document".
    func get(_ url: String, _ what: String, bodyMax: Int, headers: [String: String] = [:]) async throws -> Data {
        let headers = headers.merging(["accept": "application/json"]) { given, _ in given }
        let request = OpenIDRequest(
            method: .get, url: url, headers: headers, body: nil, bodyMax: bodyMax, timeout: Self.timeout)
        let response = try await send(request, what)
        guard response.status == 200 else { throw OpenIDError.badStatus(what: what, status: response.status) }
        return response.body
    }

    func send(_ request: OpenIDRequest, _ what: String) async throws -> OpenIDResponse {
        let response: OpenIDResponse
        do {
            response = try await transport.send(request)
        } catch OpenIDTransportError.answerTooLarge {
            throw OpenIDError.answerTooLarge(what: what)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw OpenIDError.unreachable(what: what, reason: "\(error)")
        }
        guard response.body.count <= request.bodyMax else { throw OpenIDError.answerTooLarge(what: what) }
        return response
    }
}

extension JSONDecoder {
    /// Decodes what a provider sent; what is wrong with it is named by its place, never by its content.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws(JSONFault) -> Value {
        do {
            return try JSONDecoder().decode(type, from: bytes)
        } catch DecodingError.keyNotFound(let key, _) {
            throw JSONFault(reason: "\(key.stringValue) is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw JSONFault(reason: "\(context.codingPath.map(\.stringValue).joined(separator: ".")) has another type")
        } catch {
            throw JSONFault(reason: "not JSON")
        }
    }
}

struct JSONFault: Error {
    let reason: String
}
