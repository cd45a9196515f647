import HTTPTypes
import Hummingbird
import Logging
import Model

/// Gives each request its id and address in the log, and writes one line when it is answered. The query is left out:
/// it may hold what is nobody's business.
struct RequestLog: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        context.logger[metadataKey: "address"] = "\(context.address)"
        context.logger[metadataKey: "path"] = "\(request.uri.path.excerpt(200))"
        let start = ContinuousClock.now
        var response = try await next(request, context)
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = context.requestID
        context.logger.debug(
            "answered",
            metadata: [
                "method": "\(request.method.rawValue)", "status": "\(response.status.code)",
                "duration": "\(ContinuousClock.now - start)",
            ])
        return response
    }
}
