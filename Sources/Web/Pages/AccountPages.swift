import Auth
import Chat
import HTTPTypes
import Hummingbird
import Logging
import Model
import Proxy

extension Site {
    // MARK: Sign in

    func showLogin(_ request: Request, _ context: WebContext) async throws -> Response {
        let next = Self.safeNext(request.uri.queryParameters["next"].map(String.init))
        if (try? await caller(of: request, context, isSettingUp: true)) != nil {
            return redirect(to: next ?? "/rooms/")
        }
        let hasReset = request.uri.queryParameters["reset"] != nil
        let hasExpired = request.uri.queryParameters["expired"] != nil
        return try await loginPage(
            request, username: "", next: next,
            notice: hasReset
                ? "Your password has changed. Sign in with it."
                : hasExpired ? "Your session has ended. Sign in to go on." : nil)
    }

    func login(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        let next = Self.safeNext(form["next"])
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            let user = try await loggingFailure(context) {
                try await authenticator.checkPassword(
                    username: form["username"], password: form["password"], from: client(of: request, context))
            }
            guard try await authenticator.twoFactor.kinds(of: user.id).isEmpty else {
                return try await askForCode(request, PendingSignIn(user), next: next)
            }
            return try await signIn(user, next: next, request, context)
        } catch let error as ChatError where error.fitsBesideForm {
            return try await loginPage(
                request, username: form["username"], next: next, error: error.message, status: error.code.status
            ).waiting(for: error)
        }
    }

    func loginPage(
        _ request: Request, username: String, next: String?, notice: String? = nil, error: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        var values: [String: Any] = [
            "username": username, "next": next ?? "",
            "registrationOpen": [.open, .domain].contains(settings.registration),
            "resetsPasswords": chat.resetsPasswords,
            "providers": providerValues, "hasProviders": !providers.isEmpty,
            "passkeys": authenticator.passkeys.arePossible,
        ]
        values["notice"] = notice
        values["error"] = error
        if await demoSignIns.areOffered() {
            values["demo"] = DemoData.people.map {
                ["username": $0.username, "password": $0.password, "name": $0.name]
            }
        }
        return try page("login", title: "Sign in", values, request: request, status: status)
    }

    /// Opens a session under a new token, whatever cookie was there before, and ends the one before.
    func signIn(
        _ user: User, next: String?, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        if let before = try? await caller(of: request, context, isSettingUp: true), before.byCookie {
            try await chat.endSession(before.principal.session)
        }
        let (token, _) = try await authenticator.openBrowserSession(for: user, from: client(of: request, context))
        logSignIn(of: user, context)
        var response = redirect(to: next ?? "/rooms/")
        response.headers[values: .setCookie] = [
            sessionCookie(token.text), cookies.expired(cookies.visitor),
        ]
        if request.cookies[cookies.pending] != nil {
            response.headers[values: .setCookie].append(cookies.expired(cookies.pending))
        }
        return response
    }

    // MARK: Register

    func showRegister(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = request.uri.queryParameters["invitation"].map(String.init)
        try checkRegistration(isInvited: token != nil)
        // Told before anything is typed.
        if let token { _ = try await chat.invitation(token) }
        return try registerPage(request, username: "", name: "", email: "", next: nil, invitation: token)
    }

    func register(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        let (username, name, next) = (form["username"], form["name"], Self.safeNext(form["next"]))
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            let user = try await register(
                username: username, name: name, password: form["password"], email: form["email"],
                invitation: form["invitation"], request, context)
            return try await signIn(user, next: form["email"].isEmpty ? next : "/verify/", request, context)
        } catch let error as ChatError where error.fitsBesideForm {
            return try registerPage(
                request, username: username, name: name, email: form["email"], next: next,
                invitation: form["invitation"], error: error, status: error.code.status
            ).waiting(for: error)
        }
    }

    private func registerPage(
        _ request: Request, username: String, name: String, email: String, next: String?, invitation: String?,
        error: ChatError? = nil, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values: [String: Any] = [
            "username": username, "name": name, "email": email, "next": next ?? "", "invitation": invitation ?? "",
            "takesEmail": chat.takesEmail, "needsEmail": chat.needsEmail,
            "providers": providerValues, "hasProviders": !providers.isEmpty,
        ]
        if !chat.emailDomains.isEmpty { values["emailDomains"] = chat.emailDomains.joined(separator: ", @") }
        values.tell(error)
        return try page("register", title: "Create an account", values, request: request, status: status)
    }

    // MARK: Sign out

    /// Ends the session and its sockets.
    func logout(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        // A request from elsewhere comes without the cookie; it must not take the cookie away either.
        guard verdict(on: request, from: context.visitor, token: form["csrf"]) != .foreign else {
            throw Self.foreignForm
        }
        if let caller = try? await caller(of: request, context, isSettingUp: true), caller.byCookie {
            try checkOrigin(of: request, from: context.visitor, form)
            try await chat.endSession(caller.principal.session)
            context.logger.info("signed out", metadata: ["user": "\(caller.principal.user.rawValue)"])
        }
        var response = redirect(to: "/accounts/login/")
        response.headers[values: .setCookie].append(cookies.expired(cookies.session))
        return response
    }
}
