import Chat
import Foundation
import HTTPTypes
import Hummingbird
import Model

extension Site {
    func showChat(_ call: PageCall) async throws -> Response {
        try await chatPage(call)
    }

    /// A message sent by the form itself, where scripts do not run.
    func sendMessage(_ call: PageCall, _ form: Form) async throws -> Response {
        let slug = try call.path("slug")
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            let clientId = form["clientId"]
            _ = try await chat.sendMessage(
                to: slug, text: form["message"], clientId: clientId.isEmpty ? nil : clientId, from: call.principal)
            return redirect(to: "/chat/\(slug)/")
        } catch let error as ChatError where error.code != .roomNotFound && error.code != .notAMember {
            return try await chatPage(
                call, error: error.message, text: form["message"], status: error.code.status
            ).waiting(for: error)
        }
    }

    func invite(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            let person = try await chat.invite(form["username"], to: call.path("slug"), by: call.principal)
            return try await chatPage(call, notice: "\(person.name) is in this room now.")
        } catch let error as ChatError where [.userNotFound, .formStale, .tooManyRequests].contains(error.code) {
            return try await chatPage(call, error: error.message, status: error.code.status).waiting(for: error)
        }
    }

    /// - Parameter text: what was typed and not sent.
    private func chatPage(
        _ call: PageCall, notice: String? = nil, error: String? = nil, text: String = "",
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let slug = try call.path("slug")
        let room = try await chat.room(slug, for: call.principal)
        let rooms = try await chat.rooms(for: call.principal)
        let history =
            room.isMember
            ? try await chat.history(of: slug, .newest, limit: Self.messagesInPage, for: call.principal)
            : HistoryPage(epoch: room.epoch, messages: [], hasMore: false)
        let state = ChatState(
            me: call.principal.person, room: room, rooms: rooms, messageCharactersMax: chat.limits.messageCharactersMax)
        var values: [String: Any] = [
            "room": PageValues.room(room, current: slug), "isMember": room.isMember,
            "mayManageHooks": chat.mayManageHooks(of: room, call.principal),
            "rooms": rooms.filter { $0.isMember && $0.kind != .direct }.map { PageValues.room($0, current: slug) },
            "directs": rooms.filter { $0.kind == .direct }.map { PageValues.room($0, current: slug) },
            "messages": history.messages.map { PageValues.message($0, to: call.principal) },
            "hasMore": history.hasMore, "text": text, "clientId": UUID().uuidString.lowercased(),
            "state": PageValues.json(state),
        ]
        if room.kind == .direct {
            let others = (room.members ?? []).filter { $0.username != call.principal.username }
            values["others"] = others.map {
                ["username": $0.username, "name": $0.name, "hasPage": !$0.username.hasPrefix("_")] as [String: Any]
            }
            if others.count == 1, let status = try await chat.status(of: others[0].username, for: call.principal) {
                values["status"] = PageValues.status(status)
            }
        }
        values["notice"] = notice
        values["banned"] = room.banned?.words
        values["held"] = Self.hold(of: room)
        values["error"] = error
        return try page(
            "chat", title: room.name, values, for: call.principal, request: call.request, status: status)
    }

    /// Why the person may not write just now, in a sentence; `nil` where they may.
    private static func hold(of room: RoomView) -> String? {
        if let muted = room.muted { return "You are muted in this room \(muted.words)." }
        guard !room.standing.permissions.contains(.speakAlways) else { return nil }
        if room.pace.isLocked { return "This room is locked for now. Only its moderators write." }
        return room.pace.isAnnouncement ? "This room is for announcements. Only its moderators write." : nil
    }

    private static let messagesInPage = 50

    private struct ChatState: Encodable {
        let me: Person
        let room: RoomView
        let rooms: [RoomView]
        let messageCharactersMax: Int
    }
}
