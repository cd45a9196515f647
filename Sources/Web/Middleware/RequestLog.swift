import Auth
import HTTPTypes
import Hummingbird
import Logging
import Model
import Proxy
import Realtime

/// Finds out who sent a request, gives it its id and address in the log, and writes one line when it is answered. The
/// query is left out: it may hold what is nobody's business. A wrong password of somebody who is signed in has a line of
/// its own, as one at a sign-in has.
struct RequestLog: RouterMiddleware {
    typealias Context = WebContext

    let frontDoor: FrontDoor

    /// A hook's secret is part of its address.
    static func shown(_ path: String) -> String {
        guard path.contains(MarkedToken.Kind.hook.rawValue) else { return path.excerpt(200) }
        return path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.contains(MarkedToken.Kind.hook.rawValue) ? "…" : $0 }.joined(separator: "/").excerpt(200)
    }

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.visitor = frontDoor.visitor(
            peer: frontDoor.peer(of: context.channel, connected: context.visitor.peer),
            isSecure: request.head.scheme == "https",
            ForwardedHeaders(request.head))
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        context.logger[metadataKey: "address"] = "\(context.visitor)"
        context.logger[metadataKey: "path"] = "\(Self.shown(request.uri.path))"
        let start = ContinuousClock.now
        let visitor = context.visitor
        var response = try await WrongPassword.telling {
            frontDoor.authenticationFailed(reason: .wrongPassword, of: visitor)
        } _: {
            try await next(request, context)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = context.requestID
        if let proof = frontDoor.proof(for: request.headers[.doctorQuestion]) { response.headers[.doctorProof] = proof }
        context.logger.log(
            // Whoever tries what they may not is seen without a log of everything (ASVS 5.0, V16.3.2).
            level: response.status == .forbidden ? .info : .debug, "answered",
            metadata: [
                "method": "\(request.method.rawValue)", "status": "\(response.status.code)",
                "duration": "\(ContinuousClock.now - start)",
            ])
        return response
    }
}
