import Auth
import Foundation
import HTTPTypes
import Hummingbird
import Model

/// Signing in with a passkey: alone, or after the password. A script asks for the question and sends the answer as a form.
extension Site {
    func addPasskeySignIn(to router: Router<WebContext>) {
        router.post("/accounts/passkey/question") { request, context in
            try await self.askForSignIn(request, context)
        }
        router.post("/accounts/passkey") { request, context in try await self.signInByPasskey(request, context) }
        router.post("/accounts/login/passkey/question") { request, context in
            try await self.askForFactor(request, context)
        }
        router.post("/accounts/login/passkey") { request, context in
            try await self.checkPasskeyFactor(request, context)
        }
    }

    private func askForSignIn(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        try checkOrigin(of: request, from: context.visitor, form)
        try countStart(request, context)
        return Response(question: try authenticator.passkeys.signInQuestion(in: try browser(of: request)))
    }

    private func signInByPasskey(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        let next = Self.safeNext(form["next"])
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            try countStart(request, context)
            let user = try await loggingFailure(context) {
                let id = try await authenticator.passkeys.signIn(
                    Data(form["answer"].utf8), to: form["challenge"], in: try browser(of: request))
                return try await authenticator.pendingUser(id)
            }
            return try await signIn(user, next: next, request, context)
        } catch let error as ChatError where error.fitsBesideForm {
            return try await loginPage(
                request, username: "", next: next, error: error.message, status: error.code.status
            ).waiting(for: error)
        }
    }

    private func askForFactor(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        try checkOrigin(of: request, from: context.visitor, form)
        try countStart(request, context)
        let browser = try browser(of: request)
        guard let pending = pendingSignIns.pending(form["pending"], in: browser) else {
            throw ChatError(.formStale, "That took too long. Start again from the sign-in page.")
        }
        return Response(question: try await authenticator.passkeys.factorQuestion(for: pending.user, in: browser))
    }

    private func checkPasskeyFactor(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        let next = Self.safeNext(form["next"])
        guard let browser = formBinding(of: request),
            let pending = pendingSignIns.pending(form["pending"], in: browser)
        else {
            return redirect(to: "/accounts/login/?expired=1")
        }
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            try countStart(request, context)
            let user = try await authenticator.pendingUser(pending)
            try await loggingFailure(context) {
                try await authenticator.passkeys.checkFactor(
                    Data(form["answer"].utf8), to: form["challenge"], of: user.id, in: browser)
            }
            return try await signIn(user, next: next, request, context)
        } catch let error as ChatError where error.code == .sessionExpired {
            return redirect(to: "/accounts/login/?expired=1")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await askForCode(request, pending, next: next, error: error)
        }
    }

    /// Counts a question or an answer.
    /// - Throws: `too_many_requests`.
    func countStart(_ request: Request, _ context: WebContext) throws(ChatError) {
        if let network = client(of: request, context).network { try authenticator.signInStarts.take(network) }
    }
}
