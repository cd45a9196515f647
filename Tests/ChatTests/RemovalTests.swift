import Auth
import Foundation
import GRDB
import Model
import Storage
import Testing

@testable import Chat

@Suite("Removed and reported messages")
struct RemovalTests {
    private static func withRoom(
        _ body: (World, _ owner: Principal, _ author: Principal) async throws -> Void
    ) async throws {
        try await World.with { world in
            let (owner, author) = (try await world.person("titania"), try await world.person("puck"))
            _ = try await world.chat.createRoom(name: "Lobby", by: owner)
            _ = try await world.chat.joinRoom("lobby", by: author)
            try await body(world, owner, author)
        }
    }

    @Test("The text is gone from the database, from history and from what is resumed; the places stay")
    func removed() async throws {
        try await Self.withRoom { world, owner, author in
            for text in ["one", "two"] { _ = try await world.say(text, in: "lobby", as: author, clientId: text) }
            let epoch = try await world.chat.room("lobby", for: owner).epoch
            for _ in 0..<2 { try await world.chat.removeMessage(1, in: "lobby", by: owner) }
            let page = try await world.chat.history(of: "lobby", .newest, limit: 10, for: author)
            #expect(page.messages.map(\.text) == ["", "two", ""])
            #expect(page.messages.map(\.removed) == [.moderator, nil, nil])
            #expect(page.messages.map(\.removes) == [nil, nil, 1])
            let missed = try await world.chat.missed(
                in: "lobby", since: StreamPosition(epoch: epoch, seq: 2), by: author)
            #expect(missed.messages.map(\.removes) == [1] && missed.position.seq == 3)
            // Sent again by a client that heard nothing, it stays removed.
            #expect(try await world.say("one", in: "lobby", as: author, clientId: "one") == 1)
            #expect(try await world.say("three", in: "lobby", as: author) == 4)
            let bytes = try await DatabaseQueue(path: world.path).read { db in
                try Int.fetchOne(db, sql: "SELECT length(body) FROM message WHERE seq = 1")
            }
            #expect(bytes == 0)
            #expect(world.events.all.filter { $0.contains("removes") } == ["lobby #3 removes #1"])
        }
    }

    @Test("A removal is nothing to read")
    func unread() async throws {
        try await Self.withRoom { world, owner, author in
            for text in ["one", "two"] { _ = try await world.say(text, in: "lobby", as: author) }
            _ = try await world.chat.markRead("lobby", seq: 1, by: owner)
            try await world.chat.removeMessage(1, in: "lobby", by: author)
            #expect(try await world.chat.room("lobby", for: owner).unread == 1)
            #expect(try await world.chat.room("lobby", for: author).unread == 0)
        }
    }

    @Test("Authors remove their own, those who look after the room any, others none, and a removal none")
    func who() async throws {
        try await Self.withRoom { world, owner, author in
            _ = try await world.say("mine", in: "lobby", as: owner)
            let other = try await world.person("moth")
            _ = try await world.chat.joinRoom("lobby", by: other)
            for principal in [author, other] {
                await #expect(
                    performing: { try await world.chat.removeMessage(1, in: "lobby", by: principal) },
                    throws: isRefusal(.notAllowed))
            }
            _ = try await world.say("theirs", in: "lobby", as: author)
            try await world.chat.removeMessage(2, in: "lobby", by: author)
            for seq in [Seq(0), 3, 99] {
                await #expect(
                    performing: { try await world.chat.removeMessage(seq, in: "lobby", by: owner) },
                    throws: isRefusal(.messageNotFound))
            }
            // One's own is no power over others.
            let admin = try await world.person("admin", role: .admin)
            #expect(try await !world.chat.audit(for: admin).contains { $0.action == .removeMessage })
            try await world.chat.removeMessage(1, in: "lobby", by: admin)
            #expect(try await world.chat.audit(limit: 1, for: admin).first?.details == "lobby #1")
        }
    }

    @Test("A report is for those who look after the room or the server, is made once, and closed once")
    func reports() async throws {
        try await Self.withRoom { world, owner, author in
            _ = try await world.say("rude", in: "lobby", as: author)
            let (reporter, moderator) = (
                try await world.person("moth"), try await world.person("bottom", role: .moderator)
            )
            await #expect(
                performing: { try await world.chat.report(1, in: "lobby", reason: "rude", by: reporter) },
                throws: isRefusal(.notAMember))
            _ = try await world.chat.joinRoom("lobby", by: reporter)
            for _ in 0..<2 { try await world.chat.report(1, in: "lobby", reason: "rude", by: reporter) }
            for principal in [owner, moderator] {
                let found = try await world.chat.reports(for: principal)
                #expect(found.map(\.reporter.username) == ["moth"] && found.map(\.message.text) == ["rude"])
            }
            for principal in [author, reporter] {
                #expect(try await world.chat.reports(for: principal).isEmpty)
                await #expect(
                    performing: { try await world.chat.dismissReport(ReportID(rawValue: 1), by: principal) },
                    throws: isRefusal(.reportNotFound))
            }
            try await world.chat.resolveReport(ReportID(rawValue: 1), removingMessage: true, by: moderator)
            await #expect(
                performing: { try await world.chat.dismissReport(ReportID(rawValue: 1), by: owner) },
                throws: isRefusal(.reportNotFound))
            #expect(try await world.chat.message(1, in: "lobby", for: author).removed == .moderator)
            #expect(try await world.chat.reports(.resolved, for: owner).map(\.closedBy) == ["bottom"])
        }
    }

    @Test("A report is kept from whoever wrote the message, though they look after the room or the server")
    func reportOfOwner() async throws {
        try await Self.withRoom { world, owner, member in
            let (moderator, admin) = (
                try await world.person("bottom", role: .moderator), try await world.person("admin", role: .admin)
            )
            for principal in [moderator, admin] { _ = try await world.chat.joinRoom("lobby", by: principal) }
            for (number, author) in [owner, moderator, admin].enumerated() {
                _ = try await world.say("rude", in: "lobby", as: author)
                try await world.chat.report(Seq(number + 1), in: "lobby", reason: "rude", by: member)
            }
            let seen: [(Principal, [Seq])] = [(owner, [3, 2]), (moderator, [3, 1]), (admin, [3, 2, 1])]
            for (principal, seqs) in seen {
                #expect(try await world.chat.reports(for: principal).map(\.message.seq) == seqs)
            }
            for (number, author) in [owner, moderator].enumerated() {
                let id = ReportID(rawValue: Int64(number + 1))
                await #expect(
                    performing: { try await world.chat.dismissReport(id, by: author) },
                    throws: isRefusal(.reportNotFound))
                await #expect(
                    performing: { try await world.chat.resolveReport(id, removingMessage: true, by: author) },
                    throws: isRefusal(.reportNotFound))
            }
            try await world.chat.dismissReport(ReportID(rawValue: 1), by: moderator)
            try await world.chat.dismissReport(ReportID(rawValue: 3), by: admin)
            #expect(try await world.chat.reports(.dismissed, for: owner).map(\.message.seq) == [3])
        }
    }

    @Test("A report opens that message of a private room to the server's moderators, and nothing else of it")
    func privateReport() async throws {
        try await World.with { world in
            let (owner, author) = (try await world.person("titania"), try await world.person("puck"))
            let admin = try await world.person("admin", role: .admin)
            _ = try await world.chat.createRoom(name: "Court", kind: .private, by: owner)
            try await world.chat.invite("puck", to: "court", by: owner)
            for text in ["quiet", "rude"] { _ = try await world.say(text, in: "court", as: author) }
            try await world.chat.report(2, in: "court", reason: "rude", by: owner)
            #expect(try await world.chat.reports(for: admin).map(\.message.text) == ["rude"])
            try await world.chat.resolveReport(ReportID(rawValue: 1), removingMessage: true, by: admin)
            #expect(try await world.chat.message(1, in: "court", for: owner).text == "quiet")
            #expect(try await world.chat.message(2, in: "court", for: owner).removed == .moderator)
        }
    }
}
