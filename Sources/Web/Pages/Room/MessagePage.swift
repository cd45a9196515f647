import Chat
import Hummingbird
import Model

/// The page of one message: what can be done about it.
extension Site {
    func showMessage(_ call: PageCall) async throws -> Response {
        try await messagePage(call)
    }

    func changeMessage(_ call: PageCall, _ form: Form) async throws -> Response {
        let (slug, seq) = (try call.path("slug"), try Self.seq(call))
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            switch form["do"] {
            case "remove":
                try await chat.removeMessage(seq, in: slug, by: call.principal)
                return redirect(to: "/chat/\(slug)/")
            case "report":
                try await chat.report(seq, in: slug, reason: form["reason"], by: call.principal)
                return try await messagePage(call, notice: "Thank you. Those who look after this room will see it.")
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
        } catch let error as ChatError where error.fitsBesideForm && error.code.status != .notFound {
            return try await messagePage(call, error: error, reason: form["reason"]).waiting(for: error)
        }
    }

    private static func seq(_ call: PageCall) throws -> Seq { Seq(try call.path("seq")) ?? 0 }

    private func messagePage(
        _ call: PageCall, notice: String? = nil, error: ChatError? = nil, reason: String = ""
    ) async throws -> Response {
        let slug = try call.path("slug")
        let message = try await chat.message(Self.seq(call), in: slug, for: call.principal)
        let room = try await chat.room(slug, for: call.principal)
        let isMine = message.sender.username == call.principal.username
        var values: [String: Any] = [
            "room": PageValues.room(room), "message": PageValues.message(message, to: call.principal),
            "isMine": isMine, "reason": reason, "isRemoved": message.removed != nil,
            "mayRemove": isMine || room.standing.permissions.contains(.removeMessages),
        ]
        values["notice"] = notice
        values.tell(error)
        return try page(
            "message-page", title: "A message in \(room.name)", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok)
    }
}
