import Chat
import Hummingbird
import Model

/// Who is signed in, and with what.
extension Site {
    private static let sessionsPage = 100

    func showSessions(_ call: PageCall) async throws -> Response {
        try await sessionsPage(call)
    }

    func endSession(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try await chat.endSession(SessionID(rawValue: Int64(try call.path("id")) ?? 0), as: call.principal)
            return redirect(to: "/admin/sessions/?done=1")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await sessionsPage(call, error: error)
        }
    }

    private func sessionsPage(_ call: PageCall, error: ChatError? = nil) async throws -> Response {
        let before = call.request.uri.queryParameters["before"].flatMap { Self.cursor(String($0)) }
        let sessions = try await chat.openSessions(before: before, limit: Self.sessionsPage + 1, for: call.principal)
        let shown = sessions.prefix(Self.sessionsPage)
        var values: [String: Any] = ["sessions": shown.map { Self.values($0, current: call.principal.session) }]
        if sessions.count > shown.count, let last = shown.last?.session {
            values["before"] = "\(last.lastUsedAt.milliseconds)-\(last.id.rawValue)"
        }
        if call.request.uri.queryParameters["done"] != nil, error == nil {
            values["notice"] = "That sign-in has ended."
        }
        values["error"] = error?.message
        return try adminPage("sessions", "Sign-ins", values, call, status: error?.code.status ?? .ok)
    }

    /// As `before` has it: when one was used last, in milliseconds, and its number.
    private static func cursor(_ text: String) -> SessionCursor? {
        let parts = text.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 2 else { return nil }
        return SessionCursor(lastUsedAt: Timestamp(milliseconds: parts[0]), id: SessionID(rawValue: parts[1]))
    }

    private static func values(_ found: PersonSession, current: SessionID) -> [String: Any] {
        let session = found.session
        return [
            "id": session.id.rawValue, "isCurrent": session.id == current, "device": Device(session).name,
            "username": found.username, "name": found.name, "initials": PageValues.initials(of: found.name),
            "hueClass": PageValues.hueClass(of: found.username),
            "address": session.address ?? "an unknown address",
            "lastUsedAt": session.lastUsedAt.iso8601, "shownAt": session.lastUsedAt.minute,
            "createdAt": session.createdAt.iso8601, "shownSince": session.createdAt.minute,
        ]
    }
}
