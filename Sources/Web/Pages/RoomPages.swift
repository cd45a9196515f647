import Chat
import HTTPTypes
import Hummingbird
import Model

extension Site {
    func showRooms(_ call: PageCall) async throws -> Response {
        try await roomsPage(call)
    }

    func createRoom(_ call: PageCall, _ form: Form) async throws -> Response {
        let isPrivate = form["kind"] == "private"
        let typed: [String: Any] = ["name": form["name"], "topic": form["topic"], "isPrivate": isPrivate]
        return try await showingRefusal(call, form, typed: typed) {
            let room = try await chat.createRoom(
                name: form["name"], topic: form["topic"], kind: isPrivate ? .private : .public,
                by: call.principal)
            return redirect(to: "/chat/\(room.slug)/")
        }
    }

    func openDirect(_ call: PageCall, _ form: Form) async throws -> Response {
        let typed = ["usernames": form["usernames"]]
        return try await showingRefusal(call, form, typed: typed) {
            let usernames = form["usernames"].split { $0 == "," || $0.isWhitespace }.map(String.init)
            let room = try await chat.openDirectRoom(with: usernames, by: call.principal)
            return redirect(to: "/chat/\(room.slug)/")
        }
    }

    func joinRoom(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            let room = try await chat.joinRoom(call.path("slug"), by: call.principal)
            return redirect(to: "/chat/\(room.slug)/")
        }
    }

    func leaveRoom(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await chat.leaveRoom(call.path("slug"), by: call.principal)
            return redirect(to: "/rooms/")
        }
    }

    /// The page of the person's rooms, with what they typed where it could not be done.
    private func roomsPage(
        _ call: PageCall, error: String? = nil, typed: [String: Any] = [:], status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let rooms = try await chat.rooms(for: call.principal)
        var values: [String: Any] = [
            "rooms": rooms.filter { $0.isMember && $0.kind != .direct }.map { PageValues.room($0) },
            "directs": rooms.filter { $0.kind == .direct }.map { PageValues.room($0) },
            "publicRooms": rooms.filter { !$0.isMember }.map { PageValues.room($0) },
            "state": PageValues.json(RoomsState(me: call.principal.person, rooms: rooms)), "form": typed,
        ]
        values["error"] = error
        return try page(
            "rooms", title: "Rooms", values, for: call.principal, request: call.request, status: status)
    }

    /// Does what a form asks for, or shows the page again with the reason and what was typed.
    private func showingRefusal(
        _ call: PageCall, _ form: Form, typed: [String: Any] = [:], _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work()
        } catch let error as ChatError where error.fitsBesideForm {
            return try await roomsPage(call, error: error.message, typed: typed, status: error.code.status)
                .waiting(for: error)
        }
    }

    private struct RoomsState: Encodable {
        let me: Person
        let rooms: [RoomView]
    }
}
