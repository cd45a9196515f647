import Chat
import Foundation
import HTTPTypes
import Hummingbird
import Model
import Proxy

/// What a page is made from: the request, and the person who is signed in.
struct PageCall: Sendable {
    let request: Request
    let context: WebContext
    let principal: Principal

    func path(_ name: String) throws -> String {
        guard let value = context.parameters.get(name) else { throw ChatError.internal }
        return value
    }
}

extension Site {
    /// The pages' addresses, as a table of contents.
    func addPages(to router: Router<WebContext>) {
        router.get("/") { request, context in await self.start(request, context) }
        router.get("/login") { _, _ in self.redirect(to: "/accounts/login/") }
        router.get("/register") { _, _ in self.redirect(to: "/accounts/register/") }

        router.get("/accounts/login") { request, context in try await self.showLogin(request, context) }
        router.post("/accounts/login") { request, context in try await self.login(request, context) }
        router.post("/accounts/login/code") { request, context in try await self.checkCode(request, context) }
        router.get("/accounts/login/code") { request, context in try await self.showCode(request, context) }
        router.get("/accounts/register") { request, context in try await self.showRegister(request, context) }
        router.post("/accounts/register") { request, context in try await self.register(request, context) }
        router.get("/setup") { request, context in try await self.showSetUp(request, context) }
        router.post("/setup") { request, context in try await self.setUp(request, context) }
        router.post("/accounts/logout") { request, context in try await self.logout(request, context) }

        page(router, .get, "/rooms", showRooms)
        form(router, "/rooms", createRoom)
        form(router, "/rooms/{slug}/join", joinRoom)
        form(router, "/rooms/{slug}/leave", leaveRoom)
        form(router, "/rooms/{slug}/invite", invite)
        form(router, "/direct", openDirect)
        page(router, .get, "/chat/{slug}", showChat)
        form(router, "/chat/{slug}", sendMessage)

        addRoomPages(to: router)
        addEmailPages(to: router)
        addResetPages(to: router)
        addProfilePages(to: router)
        addTwoFactorPages(to: router)
        addAccountDataPages(to: router)
        addPersonPages(to: router)
        addPasskeyPages(to: router)
        addPasskeySignIn(to: router)
        addProviderPages(to: router)
        addTokenPages(to: router)
        addBotPages(to: router)
        addHookPages(to: router)
        addAdminPages(to: router)

        router.get("/static/**") { request, _ in
            try self.assets.response(for: String(request.uri.path.dropFirst("/static/".count)))
        }
        router.get("/favicon.ico") { _, _ in try self.assets.response(for: "img/favicon.svg") }
        for path in ["/ws", "/ws/chat/{slug}"] {
            router.get(RouterPath(path)) { _, _ in Self.upgradeRequired }
        }
    }

    /// A request at a socket's address that does not ask for one. It is never redirected: a client that follows
    /// redirects for sockets is rare, and the cause would stay hidden.
    private static var upgradeRequired: Response {
        var response = Response(
            problem: ChatError(
                .upgradeRequired,
                "This is the address of a WebSocket, but the request did not ask for one. If a proxy is in front, it has to pass on Upgrade and Connection."
            ))
        response.headers[.upgrade] = "websocket"
        response.headers[.connection] = "Upgrade"
        return response
    }

    private func start(_ request: Request, _ context: WebContext) async -> Response {
        let isSignedIn = (try? await caller(of: request, context, isSettingUp: true)) != nil
        return redirect(to: isSignedIn ? "/rooms/" : "/accounts/login/")
    }

    /// A page for people who are signed in; others are sent to sign in, and come back.
    /// - Parameter isSettingUp: open also to who still lacks the second factor that their role asks for. From all
    ///   others they are sent to set one up.
    func page(
        _ router: Router<WebContext>, _ method: HTTPRequest.Method, _ path: RouterPath, isSettingUp: Bool = false,
        _ respond: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        router.on(path, method: method) { request, context in
            do {
                let caller = try await caller(of: request, context, isSettingUp: isSettingUp)
                try caller.principal.require(Access.person)
                if !Self.isOpenToUnverified(request.uri.path) { try caller.principal.requireVerified() }
                let call = PageCall(request: request, context: context, principal: caller.principal)
                let viewer = Viewer(try await chat.profile(of: caller.principal))
                var response = try await Viewer.$current.withValue(viewer) { try await respond(call) }
                if let cookie = caller.renewedCookie { response.headers[values: .setCookie].append(cookie) }
                return response
            } catch let error as ChatError where error.code.status == .unauthorized {
                return sendToLogin(request, error)
            } catch let error as ChatError where error.code == .emailUnverified {
                return redirect(to: "/verify/")
            } catch let error as ChatError where error.code == .secondFactorRequired {
                return redirect(to: "/profile/two-factor/")
            }
        }
    }

    /// Who has yet to verify an address sees the page for that, their own account, and what runs the server.
    private static func isOpenToUnverified(_ path: String) -> Bool {
        ["verify", "profile", "admin"].contains(path.split(separator: "/").first)
    }

    /// A form of a page.
    func form(
        _ router: Router<WebContext>, _ path: RouterPath, isSettingUp: Bool = false,
        _ respond: @escaping @Sendable (PageCall, Form) async throws -> Response
    ) {
        page(router, .post, path, isSettingUp: isSettingUp) { call in
            try await respond(call, Form(call.request, bytesMax: settings.bodyBytesMax))
        }
    }

    /// Makes sure that a form was sent from a page of ours, in a session of now. Pages show the refusal beside what
    /// was typed; nothing has changed.
    /// - Throws: `csrf_failed`, where another site sent it; `form_stale`, where its token is not this session's and the
    ///   browser does not tell where it comes from.
    func checkOrigin(of request: Request, from visitor: Visitor, _ form: Form) throws {
        switch verdict(on: request, from: visitor, token: form["csrf"]) {
        case .ours: break
        case .foreign: throw Self.foreignForm
        case .unknown:
            throw ChatError(
                .formStale, "This page had been open for a while, so nothing was done yet. Please send it again.")
        }
    }

    static let foreignForm = ChatError(
        .csrfFailed, "This form was sent from another site, so nothing was done. Please send it from here.")

    private func sendToLogin(_ request: Request, _ error: ChatError) -> Response {
        let target = request.method == .get ? request.uri.path : "/rooms/"
        let next = target.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "/rooms/"
        let hadSession = error.code != .credentialsMissing
        var response = redirect(to: "/accounts/login/?next=\(next)" + (hadSession ? "&expired=1" : ""))
        if hadSession { response.headers[values: .setCookie].append(cookies.expired(cookies.session)) }
        return response
    }
}
