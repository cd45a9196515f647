import HTTPTypes
import Hummingbird
import Model
import Proxy
import Realtime

extension Site {
    /// The operator's pages, and what each asks for.
    func addAdminPages(to router: Router<WebContext>) {
        adminPage(router, "/admin", .invitePeople) { call in
            let first = AdminPage.all.first { call.principal.role.permissions.contains($0.permission) }
            return redirect(to: "/admin/\(first?.path ?? "")/")
        }
        adminPage(router, "/admin/front-door", .administer, showFrontDoor)
        adminForm(router, "/admin/front-door", .administer, testAddress)
        adminPage(router, "/admin/people", .administer, showPeople)
        adminPage(router, "/admin/rooms", .moderate, showAllRooms)
        adminPage(router, "/admin/reports", .moderate, showReports)
        adminForm(router, "/admin/reports/{id}", .moderate, handleReport)
        adminForm(router, "/admin/people/{username}", .administer, changePerson)
        adminPage(router, "/admin/bots", .administer, showAllBots)
        adminForm(router, "/admin/bots", .administer, createBotAsAdmin)
        adminPage(router, "/admin/invitations", .invitePeople, showInvitations)
        adminForm(router, "/admin/invitations", .invitePeople, createInvitation)
        adminForm(router, "/admin/invitations/{id}/revoke", .invitePeople, revokeInvitation)
        addOperationPages(to: router)
        adminPage(router, "/admin/audit", .administer, showAudit)
        adminPage(router, "/admin/audit.jsonl", .administer, exportAudit)
    }

    /// A page of the operator's, with the way to the others.
    /// - Parameter path: behind `/admin/`; also the template's name, behind `admin-`.
    func adminPage(
        _ path: String, _ title: String, _ values: [String: Any], _ call: PageCall,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        values["adminPages"] = AdminPage.all.filter { call.principal.role.permissions.contains($0.permission) }.map {
            ["path": $0.path, "title": $0.title, "isCurrent": $0.path == path] as [String: Any]
        }
        return try page(
            "admin-\(path)", title: title, values, for: call.principal, request: call.request, status: status)
    }

    func adminPage(
        _ router: Router<WebContext>, _ path: RouterPath, _ permission: Permission,
        _ respond: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        page(router, .get, path) { call in
            try checkAddress(of: call)
            try call.principal.require(permission)
            return try await respond(call)
        }
    }

    func adminForm(
        _ router: Router<WebContext>, _ path: RouterPath, _ permission: Permission,
        _ respond: @escaping @Sendable (PageCall, Form) async throws -> Response
    ) {
        form(router, path) { call, form in
            try checkAddress(of: call)
            try call.principal.require(permission)
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await respond(call, form)
        }
    }
}

extension Site {
    /// What the operator does is held by the operator's access list, also at an address that others see as well.
    private func checkAddress(of call: PageCall) throws {
        if let refusal = frontDoor.refusal(at: .admin, of: call.context.visitor) { throw refusal }
    }
}

/// What the operator's pages are, in the order in which they are shown.
private struct AdminPage {
    let path: String
    let title: String
    let permission: Permission

    static let all = [
        AdminPage(path: "people", title: "People", permission: .administer),
        AdminPage(path: "rooms", title: "Rooms", permission: .moderate),
        AdminPage(path: "reports", title: "Reports", permission: .moderate),
        AdminPage(path: "bots", title: "Bots", permission: .administer),
        AdminPage(path: "invitations", title: "Invitations", permission: .invitePeople),
        AdminPage(path: "sessions", title: "Sign-ins", permission: .administer),
        AdminPage(path: "settings", title: "Settings", permission: .administer),
        AdminPage(path: "health", title: "Health", permission: .administer),
        AdminPage(path: "front-door", title: "Front door", permission: .administer),
        AdminPage(path: "audit", title: "Audit log", permission: .administer),
    ]
}
