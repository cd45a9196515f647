import Auth
import Chat
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Model
import OpenID
import Proxy

/// Signing in with a provider: there, and back again.
extension Site {
    func addProviderPages(to router: Router<WebContext>) {
        router.post("/auth/{provider}") { request, context in try await self.beginWithProvider(request, context) }
        router.get("/auth/{provider}/callback") { request, context in
            try await self.finishWithProvider(request, context)
        }
        form(router, "/profile/providers/{id}/remove", removeProvider)
    }

    // MARK: There

    private func beginWithProvider(_ request: Request, _ context: WebContext) async throws -> Response {
        let party = try party(context)
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        guard form["linking"].isEmpty else { return try await beginLinking(party, form, request, context) }
        try checkOrigin(of: request, from: context.visitor, form)
        let invitation = form["invitation"].isEmpty ? nil : OpaqueToken(form["invitation"]).hash
        return try await send(
            to: party, next: LocalPath(form["next"]), linking: nil, invitation: invitation, request, context)
    }

    /// Adds a provider to the account of who is signed in.
    private func beginLinking(
        _ party: RelyingParty, _ form: Form, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let principal = try await caller(of: request, context).principal
        try principal.require(Access.person)
        let call = PageCall(request: request, context: context, principal: principal)
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            try await authenticator.confirmUnlessRecent(
                form["providerPassword"], of: principal, field: "providerPassword", from: client(of: request, context))
        } catch let error as ChatError where error.fitsBesideForm {
            return try await profilePage(call, error: error)
        }
        return try await send(to: party, next: nil, linking: principal.user, invitation: nil, request, context)
    }

    /// A page that leads on by itself: a form that is answered with a redirect to another site is not let through by
    /// `form-action` of our content security policy.
    private func send(
        to party: RelyingParty, next: LocalPath?, linking: UserID?, invitation: Data?, _ request: Request,
        _ context: WebContext
    ) async throws -> Response {
        try countStart(request, context)
        do {
            let address = try await party.begin(
                browser: try browser(of: request), next: next, linking: linking, invitation: invitation)
            let values: [String: Any] = ["address": address, "provider": party.provider.displayName]
            var response = try page("provider", title: "Sign in", values, request: request)
            response.headers[.referrerPolicy] = "no-referrer"
            return response
        } catch let error as OpenIDError {
            return try refusal(error, party, request, context)
        }
    }

    // MARK: And back

    private func finishWithProvider(_ request: Request, _ context: WebContext) async throws -> Response {
        let party = try party(context)
        try countStart(request, context)
        // A program's token links nothing to the account that it was made for.
        let caller = try? await caller(of: request, context)
        let signedIn = caller?.byCookie == true ? caller?.principal.user : nil
        do {
            let signIn = try await party.finish(
                query: request.uri.query ?? "", browser: formBinding(of: request), signedIn: signedIn)
            let account = try await chat.account(
                for: signIn, provider: party.provider.name, from: client(of: request, context)
            ) { _ in try admission(invitation: signIn.invitation) }
            return try await welcome(account, signIn, request, context)
        } catch let error as OpenIDError {
            return try refusal(error, party, request, context)
        } catch let error as ChatError where error.fitsBesideForm {
            return try refusalPage(
                error.message, code: error.code.rawValue, status: error.code.status, party, request
            ).waiting(for: error)
        }
    }

    private func admission(invitation: Data?) throws -> Admission {
        try checkRegistration(isInvited: invitation != nil)
        return invitation.map { .invitation($0) } ?? .open
    }

    private func welcome(
        _ account: ProviderAccount, _ signIn: SignIn, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        if signIn.linking != nil { return redirect(to: "/profile/?done=provider") }
        let user = account.user
        if case .created = account.outcome {
            context.logger.info(
                "registered", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
            return try await self.signIn(user, next: "/profile/", request, context)
        }
        let next = signIn.next?.text ?? "/profile/"
        // The provider stands for the password, and not for what the person has set up here besides.
        guard try await authenticator.twoFactor.kinds(of: user.id).isEmpty else {
            return try askForCodeNext(request, of: user, next: next)
        }
        return try await self.signIn(user, next: next, request, context)
    }

    // MARK: Refusals

    private func refusal(
        _ error: OpenIDError, _ party: RelyingParty, _ request: Request, _ context: WebContext
    ) throws -> Response {
        context.logger.notice(
            "sign-in with a provider refused",
            metadata: [
                "provider": "\(party.provider.name)", "code": "\(error.code)", "reason": "\(error.logLine)",
            ])
        let status: HTTPResponse.Status =
            switch error {
            case .unreachable, .badStatus, .answerTooLarge, .malformed: .badGateway
            default: .forbidden
            }
        return try refusalPage(
            error.sentence(provider: party.provider.displayName), code: error.code, status: status, party, request)
    }

    private func refusalPage(
        _ sentence: String, code: String, status: HTTPResponse.Status, _ party: RelyingParty, _ request: Request
    ) throws -> Response {
        var response = try page(
            "provider-refused", title: "Not signed in",
            ["sentence": sentence, "code": code, "provider": party.provider.displayName], request: request,
            status: status)
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    // MARK: What there is

    /// - Throws: `provider_not_found`.
    private func party(_ context: WebContext) throws(ChatError) -> RelyingParty {
        guard let name = context.parameters.get("provider"),
            let party = providers.first(where: { $0.provider.name == name })
        else { throw ChatError(.providerNotFound, "There is no such way to sign in here.") }
        return party
    }

    /// The buttons on the pages to sign in and to register.
    var providerValues: [[String: Any]] {
        providers.map { ["name": $0.provider.name, "label": $0.provider.displayName] }
    }

    /// The section of one's own page.
    func providerValues(of call: PageCall) async throws -> [String: Any] {
        let identities = try await chat.identities(of: call.principal)
        let isRecent = try await authenticator.isRecent(call.principal.session)
        let asksPassword = call.principal.hasPassword && !isRecent
        let linked = identities.map { identity -> [String: Any] in
            [
                "id": identity.id.rawValue, "label": label(ofIssuer: identity.issuer), "email": identity.email ?? "",
                "lastUsedAt": identity.lastUsedAt.iso8601, "shownAt": identity.lastUsedAt.minute,
            ]
        }
        let others = providers.filter { party in !identities.contains { $0.issuer == party.provider.issuer } }
        return [
            "identities": linked, "hasIdentities": !linked.isEmpty, "asksPassword": asksPassword,
            "otherProviders": others.map { ["name": $0.provider.name, "label": $0.provider.displayName] },
            "hasProviderSection": !linked.isEmpty || !others.isEmpty,
        ]
    }

    private func label(ofIssuer issuer: String) -> String {
        providers.first { $0.provider.issuer == issuer }?.provider.displayName ?? issuer
    }

    private func removeProvider(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            try await authenticator.confirmUnlessRecent(
                form["providerPassword"], of: call.principal, field: "providerPassword",
                from: client(of: call.request, call.context))
            let id = Int64(try call.path("id")).map(IdentityID.init(rawValue:))
            guard let own = try await chat.identities(of: call.principal).first(where: { $0.id == id }) else {
                throw ChatError(.providerNotFound, "You do not sign in with that.")
            }
            try await chat.removeIdentity(own.id, provider: label(ofIssuer: own.issuer), by: call.principal)
            return redirect(to: "/profile/?done=provider-removed")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await profilePage(call, error: error)
        }
    }
}
