import Chat
import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore

/// People as others see them.
extension Site {
    func addPersonPages(to router: Router<WebContext>) {
        page(router, .get, "/people/{username}") { call in try await personPage(call) }
        adminForm(router, "/people/{username}", .moderate, suspend)
        page(router, .get, "/people/{username}/avatar.svg", showAvatar)
    }

    private func suspend(_ call: PageCall, _ form: Form) async throws -> Response {
        let (username, actor) = (try call.path("username"), Actor.person(call.principal))
        do {
            switch form["do"] {
            case "suspend":
                // What is no number is none that is allowed.
                let lasting = Seconds(Int64(form["seconds"]) ?? 0)
                _ = try await chat.suspend(username, lasting: lasting, reason: form["reason"], by: actor)
            case "unsuspend":
                _ = try await chat.suspend(username, lasting: nil, reason: form["reason"], by: actor)
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
            return redirect(to: "/people/\(username)/")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await personPage(call, error: error, form: form)
        }
    }

    private func personPage(_ call: PageCall, error: ChatError? = nil, form: Form? = nil) async throws -> Response {
        let view = try await chat.person(try call.path("username"), for: call.principal)
        let (user, profile) = (view.user, view.profile)
        var values: [String: Any] = [
            "person": [
                "username": user.username, "name": user.name, "isDisabled": user.isDisabled,
                "isStaff": user.role == .admin || user.role == .moderator, "role": user.role.rawValue,
                "since": user.createdAt.day(), "bio": profile.bio, "hasBio": !profile.bio.isEmpty,
                "isSelf": user.id == call.principal.user, "canBeWrittenTo": view.canBeWrittenTo,
                "hasRooms": !view.sharedRooms.isEmpty,
            ] as [String: Any],
            "rooms": view.sharedRooms.map { PageValues.room($0) },
        ]
        if view.canBeSuspended {
            var suspension: [String: Any] = ["reason": form?["reason"] ?? ""]
            suspension["until"] = user.suspendedUntil.map { Restriction(until: $0).words }
            suspension["error"] = error?.message
            values["suspension"] = suspension
        }
        if let status = profile.status { values["status"] = PageValues.status(status) }
        if let name = profile.timeZone, let zone = TimeZone(identifier: name) {
            values["localTime"] = Timestamp.now.hourAndMinute(in: zone)
            values["zone"] = name.replacing("_", with: " ")
        }
        return try page(
            "person", title: user.name, values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok)
    }

    private func showAvatar(_ call: PageCall) async throws -> Response {
        let user = try await chat.person(try call.path("username"), for: call.principal).user
        let avatar = AvatarSVG(username: user.username, name: user.name)
        var headers: HTTPFields = [.cacheControl: "private, max-age=300", .eTag: avatar.entityTag]
        headers[.contentSecurityPolicy] = AvatarSVG.policy
        let known = call.request.headers[.ifNoneMatch]?.split(separator: ",") ?? []
        guard !known.contains(where: { $0.trimmingCharacters(in: .whitespaces).hasSuffix(avatar.entityTag) }) else {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "image/svg+xml; charset=utf-8"
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: avatar.text)))
    }
}

extension PageValues {
    static func status(_ status: PersonStatus) -> [String: Any] {
        [
            "emoji": status.emoji ?? "", "text": status.text, "until": status.until?.iso8601 ?? "",
            "untilShown": status.until?.minute ?? "", "hasEnd": status.until != nil,
        ]
    }
}
