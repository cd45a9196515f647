import Auth
import Foundation
import HTTPTypes
import Hummingbird
import Model
import Proxy
import Realtime

/// Who sent a request, and how they showed it.
struct Caller: Sendable {
    let principal: Principal
    /// They sent the session cookie, which a browser adds by itself, whoever's page it is on.
    let byCookie: Bool
    /// The cookie to send again, since its session now lasts longer.
    var renewedCookie: String?
}

extension Site {
    var cookies: SiteCookies { SiteCookies(publicURL: publicURL) }

    /// The signed-in person behind a request.
    /// - Parameter isSettingUp: for signing out, and for setting up the second factor that the person's role asks for.
    /// - Throws: `credentials_missing`, or what is wrong with the credentials that were sent; `second_factor_required`.
    func caller(of request: Request, _ context: WebContext, isSettingUp: Bool = false) async throws -> Caller {
        // What a proxy asks for with Basic is not for us.
        let authorization = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        if authorization.first?.lowercased() == "bearer" {
            let token = authorization.count == 2 ? String(authorization[1]) : ""
            return Caller(
                principal: try await authenticator.principal(
                    accessToken: token, isSettingUp: isSettingUp, from: client(of: request, context)),
                byCookie: false)
        }
        guard let cookie = request.cookies[cookies.session]?.value else {
            throw ChatError(.credentialsMissing, "Sign in first.")
        }
        let (principal, wasExtended) = try await authenticator.principal(
            cookie: cookie, from: client(of: request, context), isSettingUp: isSettingUp)
        return Caller(
            principal: principal, byCookie: true, renewedCookie: wasExtended ? sessionCookie(cookie) : nil)
    }

    /// The header that puts a session's cookie into the browser.
    func sessionCookie(_ token: String) -> String {
        cookies.header(cookies.session, token, lasting: authenticator.browserSessionLifetime.count)
    }

    /// What a form's token belongs to: the session, or the visitor who has none yet.
    func formBinding(of request: Request) -> Data? {
        let token = request.cookies[cookies.session]?.value ?? request.cookies[cookies.visitor]?.value
        return token.map { OpaqueToken($0).hash }
    }

    /// Whether a request that changes something comes from a page of ours. Why not is said in the log.
    /// - Parameter token: the form's own, for browsers that do not tell.
    func verdict(on request: Request, from visitor: Visitor, token: String?) -> OriginPolicy.Verdict {
        let verdict = origins.verdict(
            secFetchSite: request.headers[.secFetchSite], origin: request.headers[.origin])
        if verdict == .foreign { frontDoor.refused(origin: request.headers[.origin], visitor: visitor) }
        guard verdict == .unknown, let token, let binding = formBinding(of: request) else { return verdict }
        return formTokens.isValid(token, for: binding) ? .ours : .unknown
    }
}
