import Chat
import Foundation
import HTTPTypes
package import Hummingbird
import Logging
package import Model
import NIOCore
import Proxy
import Realtime

/// Turns whatever was thrown into an answer: a problem (RFC 9457) for programs, a page for people. The one place.
struct ErrorResponses: RouterMiddleware {
    typealias Context = WebContext

    let site: Site

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            let fault = site.frontDoor.fault(
                target: request.uri.path, host: request.head.authority, visitor: context.visitor)
            if let fault { throw fault }
            let area = GuardedArea(path: request.uri.path)
            if let refusal = area.flatMap({ site.frontDoor.refusal(at: $0, of: context.visitor) }) { throw refusal }
            guard site.health.isReady || request.uri.path.hasPrefix("/api/health") else {
                throw ChatError(.notReady, "The server is starting. Try again in a moment.")
            }
            return try await next(request, context)
        } catch {
            return answer(Self.refusal(error, context), to: request)
        }
    }

    private func answer(_ error: ChatError, to request: Request) -> Response {
        let methods = error.code == .routeNotFound ? APIRoutes.methods(at: request.uri.path, site.chat.limits) : []
        guard methods.isEmpty || methods.contains(request.method) else { return refuseMethod(methods) }
        let wantsPage = !request.uri.path.hasPrefix("/api/") && request.headers[.accept]?.contains("text/html") == true
        var response = wantsPage ? site.errorPage(error) : Response(problem: error)
        switch error.code {
        case .storageUnavailable, .tooBusy, .notReady: response.headers[.retryAfter] = "5"
        case .credentialsMissing, .tokenExpired, .tokenInvalid, .tokenMissing:
            response.headers[.wwwAuthenticate] = "Bearer"
        case .scopeMissing: response.headers[.wwwAuthenticate] = error.challenge
        default: break
        }
        return response.waiting(for: error)
    }

    private func refuseMethod(_ allowed: [HTTPRequest.Method]) -> Response {
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        var response = Response(problem: ChatError(.methodNotAllowed, "This address answers \(names)."))
        response.headers[.allow] = names
        return response
    }

    private static func refusal(_ error: any Error, _ context: WebContext) -> ChatError {
        switch error {
        case let error as ChatError:
            return error
        case is NIOTooManyBytesError:
            return ChatError(.bodyTooLarge, "The request's body is larger than this server takes.")
        case let error as HTTPError where error.status == .notFound:
            return ChatError(.routeNotFound, "There is nothing at this address.")
        case let error as HTTPError where error.status.kind == .clientError:
            return ChatError(.badRequest, "The request could not be understood.")
        default:
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return .internal
        }
    }
}

extension Response {
    /// With the time to wait, where the refusal has one (RFC 9110, section 10.2.3).
    func waiting(for error: ChatError?) -> Response {
        var response = self
        if let wait = error?.retryAfter { response.headers[.retryAfter] = "\(wait.count)" }
        return response
    }

    /// Problem details (RFC 9457). `code` is stable; `detail` is for people.
    package init(problem error: ChatError) {
        struct Problem: Encodable {
            let type = "about:blank"
            let title: String
            let status: Int
            let code: String
            let detail: String
            let field: String?
        }
        let status = error.code.status
        self.init(
            status: status,
            json: Problem(
                title: status.reasonPhrase, status: status.code, code: error.code.rawValue, detail: error.message,
                field: error.field),
            contentType: "application/problem+json")
    }

    /// - Precondition: `value` consists of what JSON has.
    init(status: HTTPResponse.Status, json value: some Encodable, contentType: String = "application/json") {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(value) else { preconditionFailure("a response that is not JSON") }
        self.init(
            status: status, headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
