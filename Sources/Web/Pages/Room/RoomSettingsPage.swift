import Chat
import HTTPTypes
import Hummingbird
import Model

extension Site {
    func addRoomPages(to router: Router<WebContext>) {
        page(router, .get, "/rooms/{slug}/settings", showRoomSettings)
        form(router, "/rooms/{slug}/settings", changeRoom)
        form(router, "/rooms/{slug}/members/{username}", changeMember)
        form(router, "/rooms/{slug}/reports/{id}", closeReportOfRoom)
        page(router, .get, "/rooms/{slug}/messages/{seq}", showMessage)
        form(router, "/rooms/{slug}/messages/{seq}", changeMessage)
    }

    func showRoomSettings(_ call: PageCall) async throws -> Response {
        try await roomSettingsPage(call)
    }

    /// The form has only the fields that the person may change.
    func changeRoom(_ call: PageCall, _ form: Form) async throws -> Response {
        let typed = [
            "name": form["name"], "topic": form["topic"], "slowSeconds": form["slowSeconds"],
        ]
        return try await showingSettings(call, form, typed: typed) { room in
            var change = RoomChange()
            if room.standing.permissions.contains(.setPace) {
                // What is no number is none that is allowed.
                change.slow = Seconds(Int64(form["slowSeconds"]) ?? -1)
                change.isLocked = form["isLocked"] == "yes"
            }
            if room.standing.permissions.contains(.changeRoom) {
                (change.name, change.topic) = (form["name"], form["topic"])
                change.isAnnouncement = form["isAnnouncement"] == "yes"
                if room.kind == .public, form["kind"] == "private" { change.kind = .private }
            }
            _ = try await chat.changeRoom(room.slug, change, by: call.principal)
            return "Saved."
        }
    }

    func changeMember(_ call: PageCall, _ form: Form) async throws -> Response {
        let username = try call.path("username")
        return try await showingSettings(call, form, typed: ["username": username, "reason": form["reason"]]) { room in
            let (slug, principal) = (room.slug, call.principal)
            let time = Int64(form["seconds"]).map { Seconds($0) }
            switch form["do"] {
            case "kick":
                try await chat.kick(username, from: slug, reason: form["reason"], by: principal)
                return "\(username) was sent out."
            case "ban", "mute":
                let kind: Restriction.Kind = form["do"] == "ban" ? .ban : .mute
                try await chat.restrict(
                    username, in: slug, kind, lasting: time, reason: form["reason"], by: principal)
                return "\(username) is \(kind == .ban ? "banned" : "muted")."
            case "unban", "unmute":
                try await chat.lift(form["do"] == "unban" ? .ban : .mute, of: username, in: slug, by: principal)
                return form["do"] == "unban" ? "\(username) may come back." : "\(username) may write again."
            case "owner", "moderator", "member":
                guard let role = RoomRole(rawValue: form["do"]) else { throw ChatError.internal }
                try await chat.setRoomRole(role, of: username, in: slug, by: principal)
                return "\(username) is \(role.rawValue) of this room now."
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
        }
    }

    func closeReportOfRoom(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingSettings(call, form) { _ in try await closeReport(call, form) }
    }

    /// Does what a form of the page asks for, and shows the page with what came of it.
    private func showingSettings(
        _ call: PageCall, _ form: Form, typed: [String: String]? = nil,
        _ work: (RoomView) async throws -> String
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            let notice = try await work(try await chat.room(call.path("slug"), for: call.principal))
            return try await roomSettingsPage(call, notice: notice)
        } catch let error as ChatError where error.fitsBesideForm && error.code != .roomNotFound {
            return try await roomSettingsPage(call, error: error, typed: typed).waiting(for: error)
        }
    }

    private func roomSettingsPage(
        _ call: PageCall, notice: String? = nil, error: ChatError? = nil, typed: [String: String]? = nil
    ) async throws -> Response {
        let room = try await chat.room(call.path("slug"), for: call.principal)
        let may = room.standing.permissions
        guard room.isMember || may.contains(.setPace) else { throw ChatError.notAMember }
        let members = try await chat.members(of: room.slug, for: call.principal)
        let bans =
            may.contains(.restrain)
            ? try await chat.restrictions(.ban, in: room.slug, for: call.principal) : []
        let reports =
            may.contains(.handleReports)
            ? try await chat.reports(in: room.slug, for: call.principal) : []
        var values: [String: Any] = [
            "room": PageValues.room(room), "name": typed?["name"] ?? room.name,
            "topic": typed?["topic"] ?? room.topic,
            "slowSeconds": typed?["slowSeconds"] ?? String(room.pace.slow.count), "slowMax": RoomPace.slowMax,
            "isLocked": room.pace.isLocked, "isAnnouncement": room.pace.isAnnouncement,
            "maySetPace": may.contains(.setPace), "mayChangeRoom": may.contains(.changeRoom),
            "mayRestrain": may.contains(.restrain), "mayHandleReports": may.contains(.handleReports),
            "members": members.prefix(Self.membersShown).map {
                Self.values($0, room: room, me: call.principal, typed: typed, error: error)
            },
            "memberCount": members.count, "hasMore": members.count > Self.membersShown,
            "bans": bans.map(Self.values), "reports": reports.map(Self.values), "reportsOfRoom": true,
        ]
        values["notice"] = notice
        // A field with a place of its own has its sentence there, in the form that was sent.
        let isOfMember = typed?["username"] != nil
        if typed == nil || isOfMember && error?.field != "reason" {
            values["error"] = error?.message
        } else if !isOfMember {
            values.tell(error)
        }
        return try page(
            "room-settings", title: "Settings of \(room.name)", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok)
    }

    private static let membersShown = 500

    /// - Parameter typed: into the form of one of them, which was refused.
    private static func values(
        _ member: RoomMember, room: RoomView, me: Principal, typed: [String: String]?, error: ChatError?
    ) -> [String: Any] {
        let theirs = RoomStanding(kind: room.kind, server: member.serverRole, room: member.role)
        let isBelow = room.standing.isAbove(theirs)
        let mayAppoint = room.standing.permissions.contains(.appoint) && isBelow
        let mayRestrain = room.standing.permissions.contains(.restrain) && isBelow
        var values: [String: Any] = [
            "username": member.username, "name": member.name, "role": member.role.rawValue,
            "isMarked": member.role != .member, "initials": PageValues.initials(of: member.name),
            "hueClass": PageValues.hueClass(of: member.username), "isMe": member.username == me.username,
            "hasActions": mayAppoint || mayRestrain, "mayAppoint": mayAppoint, "mayRestrain": mayRestrain,
            "isModerator": member.role == .moderator,
        ]
        values["muted"] = member.muted?.words
        if error != nil, typed?["username"] == member.username {
            values["isOpen"] = true
            values["reason"] = typed?["reason"] ?? ""
            if error?.field == "reason" { values["reasonError"] = error?.message }
        }
        return values
    }

    private static func values(_ ban: RestrictedPerson) -> [String: Any] {
        [
            "username": ban.person.username, "name": ban.person.name, "until": ban.restriction.words,
            "reason": ban.reason, "by": ban.by ?? "somebody who is gone",
            "initials": PageValues.initials(of: ban.person.name),
            "hueClass": PageValues.hueClass(of: ban.person.username),
        ]
    }

    static func values(_ report: Report) -> [String: Any] {
        [
            "id": report.id.rawValue, "slug": report.room.slug, "roomName": report.roomName,
            "reporter": report.reporter.username, "reason": report.reason, "text": report.message.text,
            "author": report.message.sender.username, "authorName": report.message.sender.name,
            "isRemoved": report.message.removed != nil, "at": report.createdAt.iso8601,
            "shownAt": report.createdAt.minute,
        ]
    }

    /// - Returns: what was done, in a sentence.
    func closeReport(_ call: PageCall, _ form: Form) async throws -> String {
        // What is no number is a report that is not there.
        let id = ReportID(rawValue: Int64(try call.path("id")) ?? 0)
        switch form["do"] {
        case "remove":
            try await chat.resolveReport(id, removingMessage: true, by: call.principal)
            return "The message was removed."
        case "resolve":
            try await chat.resolveReport(id, removingMessage: false, by: call.principal)
            return "The report is closed."
        case "dismiss":
            try await chat.dismissReport(id, by: call.principal)
            return "The report was dismissed."
        default: throw ChatError(.badRequest, "The form does not say what to do.")
        }
    }
}
