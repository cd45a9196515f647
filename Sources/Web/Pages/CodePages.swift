import Auth
import Foundation
import HTTPTypes
import Hummingbird
import Model

extension Site {
    /// The second step of signing in, after the right password. Nothing is signed in yet.
    func askForCode(
        _ request: Request, _ pending: PendingSignIn, next: String?, error: ChatError? = nil
    ) async throws -> Response {
        guard let browser = formBinding(of: request) else {
            throw ChatError(
                .formStale, "Your browser did not send the cookie of this page. Allow cookies, and try again.")
        }
        let kinds = try await authenticator.twoFactor.kinds(of: pending.user)
        var values: [String: Any] = [
            "pending": pendingSignIns.token(for: pending, in: browser), "next": next ?? "",
            "hasCodes": kinds.contains(.codes),
            "hasPasskey": kinds.contains(.passkey) && authenticator.passkeys.arePossible,
        ]
        values.tell(error)
        return try page(
            "code", title: "Sign in", values, request: request, status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    /// The same after a provider's word: by way of a cookie, so that its answer is no longer in the address.
    func askForCodeNext(_ request: Request, of user: User, next: String?) throws -> Response {
        guard let browser = formBinding(of: request) else {
            throw ChatError(.formStale, "Allow cookies, and try again.")
        }
        let token = pendingSignIns.token(for: PendingSignIn(user), in: browser)
        let path = next?.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        var response = redirect(to: "/accounts/login/code/?next=\(path)")
        response.headers[values: .setCookie].append(
            cookies.header(cookies.pending, token, lasting: PendingSignIns.lifetime.count))
        return response
    }

    func showCode(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let browser = formBinding(of: request), let token = request.cookies[cookies.pending]?.value,
            let pending = pendingSignIns.pending(token, in: browser)
        else { return redirect(to: "/accounts/login/") }
        return try await askForCode(
            request, pending, next: Self.safeNext(request.uri.queryParameters["next"].map(String.init)))
    }

    func checkCode(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        let next = Self.safeNext(form["next"])
        guard let browser = formBinding(of: request),
            let pending = pendingSignIns.pending(form["pending"], in: browser)
        else {
            return redirect(to: "/accounts/login/?expired=1")
        }
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            let user = try await authenticator.pendingUser(pending)
            try await loggingFailure(context) {
                try await authenticator.twoFactor.check(
                    form["code"], of: user, from: client(of: request, context))
            }
            return try await signIn(user, next: next, request, context)
        } catch let error as ChatError where error.code == .sessionExpired {
            return redirect(to: "/accounts/login/?expired=1")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await askForCode(request, pending, next: next, error: error)
        }
    }
}
