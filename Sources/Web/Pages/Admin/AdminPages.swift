import HTTPTypes
import Hummingbird
import Model

extension Site {
    /// The operator's pages.
    func addAdminPages(to router: Router<WebContext>) {
        adminPage(router, "/admin") { _ in redirect(to: "/admin/front-door/") }
        adminPage(router, "/admin/front-door", showFrontDoor)
        adminForm(router, "/admin/front-door", testAddress)
    }

    /// - Throws: `not_allowed`.
    private func requireAdmin(_ principal: Principal) throws {
        guard principal.role == .admin else {
            throw ChatError(.notAllowed, "This page is for the administrators of this server.")
        }
    }

    private func adminPage(
        _ router: Router<WebContext>, _ path: RouterPath,
        _ respond: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        page(router, .get, path) { call in
            try requireAdmin(call.principal)
            return try await respond(call)
        }
    }

    private func adminForm(
        _ router: Router<WebContext>, _ path: RouterPath,
        _ respond: @escaping @Sendable (PageCall, Form) async throws -> Response
    ) {
        form(router, path) { call, form in
            try requireAdmin(call.principal)
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await respond(call, form)
        }
    }
}
