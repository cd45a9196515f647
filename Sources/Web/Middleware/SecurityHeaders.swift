import HTTPTypes
import Hummingbird
import Proxy

/// What browsers are told to refuse on our behalf. Pages load nothing from elsewhere and run nothing that is inline.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WebContext

    private let policy: String
    /// Browsers are told to stay with https where people reach it so, and were reached so just now: over plain http the
    /// header is not looked at (RFC 6797, section 8.1), and would promise what a proxy may not keep.
    private let isSecure: Bool

    init(origins: OriginPolicy) {
        let sockets = origins.publicURL.ownSocketOrigins.sorted().joined(separator: " ")
        policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
            "connect-src 'self' \(sockets)", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'",
            "frame-ancestors 'none'",
        ].joined(separator: "; ")
        isSecure = origins.publicURL.isSecure
    }

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // A picture has a stricter one of its own.
        if response.headers[.contentSecurityPolicy] == nil { response.headers[.contentSecurityPolicy] = policy }
        response.headers[.frameOptions] = "DENY"
        response.headers[.contentTypeOptions] = "nosniff"
        if response.headers[.referrerPolicy] == nil { response.headers[.referrerPolicy] = "same-origin" }
        response.headers[.permissionsPolicy] =
            "camera=(self), microphone=(self), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
        response.headers[.openerPolicy] = "same-origin"
        if isSecure, context.visitor.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store, no-transform" }
        return response
    }
}
