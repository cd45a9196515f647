import Auth
import Foundation
import HTTPTypes
import Hummingbird
import Model
import Proxy

/// Who sent a request, and how they showed it.
struct Caller: Sendable {
    let principal: Principal
    /// They sent the session cookie, which a browser adds by itself, whoever's page it is on.
    let byCookie: Bool
}

extension Site {
    var cookies: SiteCookies { SiteCookies(publicURL: publicURL) }

    /// The signed-in person behind a request.
    /// - Throws: `credentials_missing`, or what is wrong with the credentials that were sent.
    func caller(of request: Request) async throws -> Caller {
        if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                throw ChatError(.tokenMissing, "Authorization is: Bearer, a space, and the access token.")
            }
            return Caller(principal: try await authenticator.principal(accessToken: String(parts[1])), byCookie: false)
        }
        guard let cookie = request.cookies[cookies.session]?.value else {
            throw ChatError(.credentialsMissing, "Sign in first.")
        }
        return Caller(principal: try await authenticator.principal(cookie: cookie), byCookie: true)
    }

    /// What a form's token belongs to: the session, or the visitor who has none yet.
    func formBinding(of request: Request) -> Data? {
        let token = request.cookies[cookies.session]?.value ?? request.cookies[cookies.visitor]?.value
        return token.map { OpaqueToken($0).hash }
    }

    /// Whether a request that changes something comes from a page of ours.
    /// - Parameter token: the form's own, for browsers that do not tell.
    func verdict(on request: Request, token: String?) -> OriginPolicy.Verdict {
        let verdict = origins.verdict(
            secFetchSite: request.headers[.secFetchSite], origin: request.headers[.origin])
        guard verdict == .unknown, let token, let binding = formBinding(of: request) else { return verdict }
        return formTokens.isValid(token, for: binding) ? .ours : .unknown
    }
}
