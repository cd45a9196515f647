import Foundation
import HTTPTypes
import Model
import OpenID
import Outgoing

/// Asks providers over libcurl. The operator chose them, so that they may be in the operator's own networks.
struct ProviderTransport: OpenIDTransport {
    private let fetch: HTTPFetch

    init(_ fetch: HTTPFetch) { self.fetch = fetch.with(.any) }

    func send(_ request: OpenIDRequest) async throws -> OpenIDResponse {
        var fields = HTTPFields()
        for (name, value) in request.headers {
            guard let name = HTTPField.Name(name) else { preconditionFailure("a name in our sources") }
            fields[name] = value
        }
        var wanted = HTTPFetch.Request(
            request.method == .post ? .post : .get, try HTTPAddress(request.url), fields: fields, body: request.body)
        wanted.bodyBytesMax = request.bodyMax
        wanted.time = .seconds(request.timeout.count)
        do {
            let answer = try await fetch(wanted)
            return OpenIDResponse(status: answer.status.code, body: answer.body)
        } catch HTTPFetchError.tooLarge {
            throw OpenIDTransportError.answerTooLarge
        }
    }
}
