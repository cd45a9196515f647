import Foundation
import Model

/// What the templates are given of the chat's values. Names are those of the templates in `web/templates/`.
enum PageValues {
    static func user(_ principal: Principal) -> [String: Any] {
        [
            "username": principal.username, "name": principal.name, "initials": initials(of: principal.name),
            "hueClass": hueClass(of: principal.username),
            "hasPassword": principal.hasPassword, "hasAdminPages": principal.role.permissions.contains(.invitePeople),
        ]
    }

    static func room(_ room: RoomView, current: String? = nil) -> [String: Any] {
        [
            "slug": room.slug, "name": room.name, "topic": room.topic, "isDirect": room.kind == .direct,
            "isPrivate": room.kind == .private, "isPublic": room.kind == .public, "isMember": room.isMember,
            "isCurrent": room.slug == current, "lastSeq": room.lastSeq, "readSeq": room.readSeq,
            "unread": room.unread, "hasUnread": room.unread > 0,
            "looksAfter": room.standing.permissions.contains(.setPace),
        ]
    }

    static func message(_ message: Message, to viewer: Principal) -> [String: Any] {
        let sentAt = message.sentAt.iso8601
        return [
            "seq": message.seq, "senderName": message.sender.name, "senderUsername": message.sender.username,
            "initials": initials(of: message.sender.name), "hueClass": hueClass(of: message.sender.username),
            "text": message.text, "markup": MarkupHTML.html(of: message.text), "sentAt": sentAt,
            "time": message.sentAt.hourAndMinute(), "hasPage": !message.sender.username.hasPrefix("_"),
            "isBot": message.sender.isBot, "isMine": message.sender.username == viewer.username,
            "unreadable": message.isUnreadable,
            "removed": message.removed?.rawValue ?? "", "isRemoved": message.removed != nil,
            "isByModerator": message.removed == .moderator, "isRemoval": message.removes != nil,
        ]
    }

    /// JSON for a `data-state` attribute; the template escapes it.
    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The first letters of the first and the last word, in capitals. The web client computes the same
    /// (`web/js/avatar.js`); both have the same examples in their tests.
    static func initials(of name: String) -> String {
        let letters = name.split(whereSeparator: \.isWhitespace).compactMap { word in
            word.unicodeScalars.first { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        let shown = letters.count > 1 ? [letters[0], letters[letters.count - 1]] : letters
        let text = shown.map(String.init).joined().uppercased()
        return text.isEmpty ? "?" : text
    }

    /// The number of a person's colour, 0 to 11: FNV-1a (32 bit) over the username.
    static func hueClass(of username: String) -> Int {
        let hash = username.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return Int(hash % 12)
    }
}
