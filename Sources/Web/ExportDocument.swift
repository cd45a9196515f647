import Chat
import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore

extension Site {
    /// Everything about a person as one JSON document (docs/export.md), sent as it is read.
    func exportResponse(for principal: Principal) -> Response {
        let body = ResponseBody { [chat] writer in
            var document = ExportDocument()
            try await writer.write(document.begin())
            try await chat.export(for: principal) { part in
                try await writer.write(try document.text(of: part))
            }
            try await writer.write(document.end())
            try await writer.finish(nil)
        }
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store, no-transform"]
        headers[.contentDisposition] = "attachment; filename=\"parley-\(principal.username).json\""
        // A proxy that waits for all of it would show nothing until then.
        headers[.accelBuffering] = "no"
        return Response(status: .ok, headers: headers, body: body)
    }
}

/// Writes the pieces of an export as one JSON object. A document that was cut off is no JSON.
struct ExportDocument {
    /// What is open just now.
    private enum Section {
        case none
        case messages
        case conversations
    }

    private var section = Section.none
    private var hasMessages = false
    private var hasItems = false
    private let encoder: JSONEncoder

    init() {
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func begin() -> ByteBuffer {
        ByteBuffer(string: "{\"format\":\"parley-export\",\"version\":1,\"exportedAt\":\"\(Timestamp.now.iso8601)\"")
    }

    mutating func text(of part: ExportPart) throws -> ByteBuffer {
        var text = ""
        switch part {
        case .account(let user, let profile, let email, let hasSecondFactor):
            text += ",\n\"account\":" + (try json(Account(user, email, hasSecondFactor: hasSecondFactor)))
            text += ",\n\"profile\":" + (try json(ProfileAnswer(user, profile)))
        case .sessions(let sessions): text += ",\n\"sessions\":" + (try json(sessions.map(SessionLine.init)))
        case .identities(let found): text += ",\n\"identities\":" + (try json(found.map(IdentityLine.init)))
        case .passkeys(let passkeys): text += ",\n\"passkeys\":" + (try json(passkeys.map(PasskeyLine.init)))
        case .tokens(let tokens): text += ",\n\"tokens\":" + (try json(tokens.map(TokenAnswer.init)))
        case .bots(let bots): text += ",\n\"bots\":" + (try json(bots.map(BotLine.init)))
        case .rooms(let rooms): text += ",\n\"rooms\":" + (try json(rooms))
        case .invitations(let invitations):
            text += ",\n\"invitations\":" + (try json(invitations.map(InvitationLine.init)))
        case .audit(let entries): text += ",\n\"audit\":" + (try json(entries.map(AuditLine.init)))
        case .messages(let messages):
            if !hasMessages { text += ",\n\"messages\":[" }
            for message in messages {
                text +=
                    (hasItems ? ",\n" : "\n") + (try json(MessageLine(room: message.room, message: message.message)))
                hasItems = true
            }
            (hasMessages, section) = (true, .messages)
        case .conversation(let room):
            text += section == .conversations ? "]}," : endOfMessages() + ",\n\"conversations\":["
            text += "\n{\"room\":" + (try json(room.slug)) + ",\"people\":" + (try json(room.members ?? []))
            text += ",\"messages\":["
            (section, hasItems) = (.conversations, false)
        case .conversationMessages(let messages):
            for message in messages {
                text += (hasItems ? ",\n" : "\n") + (try json(message))
                hasItems = true
            }
        }
        return ByteBuffer(string: text)
    }

    mutating func end() -> ByteBuffer {
        ByteBuffer(string: (section == .conversations ? "]}]" : endOfMessages() + ",\n\"conversations\":[]") + "}\n")
    }

    private func endOfMessages() -> String { hasMessages ? "]" : ",\n\"messages\":[]" }

    private func json(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private struct Account: Encodable {
        let id: Int64
        let username: String
        let role: String
        let createdAt: Timestamp
        let hasSecondFactor: Bool
        let email: String?
        let emailVerifiedAt: Timestamp?
        /// Said to be theirs, and not shown yet.
        let emailClaimed: String?

        init(_ user: User, _ email: AccountEmail, hasSecondFactor: Bool) {
            (self.email, emailVerifiedAt) = (email.verified?.description, email.verifiedAt)
            emailClaimed = email.claim?.address.description
            (id, username, role) = (user.id.rawValue, user.username, user.role.rawValue)
            (createdAt, self.hasSecondFactor) = (user.createdAt, hasSecondFactor)
        }
    }

    private struct SessionLine: Encodable {
        let device: String
        let kind: String
        let address: String?
        let userAgent: String
        let lastUsedAt: Timestamp

        init(_ session: SessionView) {
            (device, kind, address) = (Device(session).name, session.kind.rawValue, session.address)
            (userAgent, lastUsedAt) = (session.userAgent, session.lastUsedAt)
        }
    }

    private struct IdentityLine: Encodable {
        let issuer: String
        let email: String?
        let createdAt: Timestamp
        let lastUsedAt: Timestamp

        init(_ identity: LinkedIdentity) {
            (issuer, email) = (identity.issuer, identity.email)
            (createdAt, lastUsedAt) = (identity.createdAt, identity.lastUsedAt)
        }
    }

    private struct PasskeyLine: Encodable {
        let name: String
        let createdAt: Timestamp
        let lastUsedAt: Timestamp?

        init(_ passkey: Passkey) {
            (name, createdAt, lastUsedAt) = (passkey.name, passkey.createdAt, passkey.lastUsedAt)
        }
    }

    private struct BotLine: Encodable {
        let username: String
        let name: String
        let createdAt: Timestamp

        init(_ bot: Bot) {
            (username, name, createdAt) = (bot.user.username, bot.user.name, bot.user.createdAt)
        }
    }

    private struct InvitationLine: Encodable {
        let id: Int64
        let createdAt: Timestamp
        let expiresAt: Timestamp
        let uses: Int
        let usesMax: Int
        let role: String

        init(_ invitation: Invitation) {
            (id, createdAt, expiresAt) = (invitation.id.rawValue, invitation.createdAt, invitation.expiresAt)
            (uses, usesMax, role) = (invitation.uses, invitation.usesMax, invitation.role.rawValue)
        }
    }

    private struct MessageLine: Encodable {
        let room: String
        let message: Message

        private enum CodingKeys: String, CodingKey { case room }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(room, forKey: .room)
            try message.encode(to: encoder)
        }
    }
}
